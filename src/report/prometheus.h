// Figures in the text format that Prometheus scrapes, and that node_exporter's textfile collector reads.
//
// Thread rules: free functions without state.
#ifndef GAINSAY_REPORT_PROMETHEUS_H_
#define GAINSAY_REPORT_PROMETHEUS_H_

#include <cstdint>
#include <string>

#include "report/figures.h"

namespace gainsay {

// Whether the program was built with prometheus-cpp. Without it PrometheusText is "".
bool HasPrometheus();

// `now_ns`, wall-clock time, is what the ages and lags of a watch are measured to; a scan has none.
std::string PrometheusText(const Figures& figures, int64_t now_ns = 0);

}  // namespace gainsay

#endif  // GAINSAY_REPORT_PROMETHEUS_H_
