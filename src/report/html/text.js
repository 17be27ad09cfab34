// What a log says is shown, never obeyed: text enters the page by text nodes alone, and what would steer the
// eye (control and bidirectional characters) becomes visible, as in every other format.
'use strict';

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const SHORT = {'\n': '\\n', '\r': '\\r', '\t': '\\t'};

function escaped(c) {
  const code = c.charCodeAt(0);
  return SHORT[c] || (code < 0x80 ? '\\x' + code.toString(16).padStart(2, '0') : '\\u' + code.toString(16).padStart(4, '0'));
}

// For one line.
function visible(text) {
  return String(text).replace(CONTROL, escaped);
}

// For a block that may have several.
function visibleBlock(text) {
  return String(text).replace(/\r\n/g, '\n').replace(CONTROL, (c) => c === '\n' || c === '\t' ? c : escaped(c));
}

// An element. `attributes` are the page's own, children are elements or texts.
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== ''));
  return element;
}

function drawn(tag, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function byId(id) {
  return document.getElementById(id);
}

function thousands(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

function counted(number, noun, plural) {
  return thousands(number) + ' ' + (number === 1 ? noun : plural || noun + 's');
}

// Milliseconds since 1970, with a fraction; NaN where the time is not known.
function moment(time) {
  const parts = /^(-?\d+-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z$/.exec(time || '');
  return parts ? Date.parse(parts[1] + 'Z') + Number(parts[2] || 0) * 1000 : NaN;
}

// "12 ms", "0.4 s", "3 min 5 s", "2 h 10 min", "3 d 4 h": as the text report says it.
function duration(ms) {
  const two = (big, unit, small, lesser) => thousands(big) + ' ' + unit + (small ? ' ' + small + ' ' + lesser : '');
  if (ms === 0) return '0 s';
  if (ms < 1) return '<1 ms';
  if (ms < 100) return Math.floor(ms) + ' ms';
  if (ms < 60000) return (Math.floor(ms / 100) / 10).toFixed(1) + ' s';
  const seconds = Math.floor(ms / 1000);
  if (seconds < 3600) return two(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  if (seconds < 86400) return two(Math.floor(seconds / 3600), 'h', Math.floor(seconds % 3600 / 60), 'min');
  return two(Math.floor(seconds / 86400), 'd', Math.floor(seconds % 86400 / 3600), 'h');
}

function dateOf(time) {
  return (time || '').slice(0, (time || '').indexOf('T'));
}

function clockOf(time) {
  return (time || '').slice((time || '').indexOf('T') + 1, -1);
}
