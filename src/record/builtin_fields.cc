// The attribute names of common loggers, as their own code writes them: see
// tests/data/log_fields.jsonl for the sources. Order is priority within a field. What is
// left out on purpose: `id` and `data.id` (of anything), `name` as a task's name (it is the
// logger's or the application's), JOB_ID (systemd's own), levelno and level_value (scales of
// their own beside a level word).

#include "record/fields.h"

namespace gainsay {
namespace {

using Paths = std::vector<std::string>;

Paths MessagePaths() {
  return {"message",
          "msg",
          "MESSAGE",
          "event",
          "log",
          "short_message",
          "body.stringValue",
          "body",
          "@message",
          "@m",
          "fields.message",
          "record.message",
          "text",
          "@mt",
          "M",
          "Message",
          "Msg",
          "log_message",
          "logMessage",
          "RenderedMessage",
          "MessageTemplate",
          "jsonPayload.message",
          "jsonPayload.msg",
          "textPayload",
          "fields.msg"};
}

Paths LevelPaths() {
  return {"level",
          "levelname",
          "lvl",
          "severity",
          "severity_text",
          "severityText",
          "SeverityText",
          "log.level",
          "log_level",
          "loglevel",
          "logLevel",
          "@l",
          "@level",
          "L",
          "level_name",
          "levelName",
          "Level",
          "LEVEL",
          "Severity",
          "record.level.name",
          "fields.level",
          "jsonPayload.level",
          "severityNumber",
          "severity_number",
          "SeverityNumber",
          "log.syslog.severity.name",
          "log.syslog.severity.code",
          "syslog_severity",
          "PRIORITY"};
}

Paths TimePaths() {
  return {"time", "timestamp", "@timestamp", "ts", "asctime", "@t", "datetime", "T", "Timestamp", "Time",
          "record.time.timestamp", "record.time.repr", "timeUnixNano", "observedTimeUnixNano",
          "timestampSeconds", "timestamp.seconds", "timeMillis", "instant.epochSecond", "eventTime",
          "event_time", "log_time", "logTime", "date_time", "created", "start_time", "date", "system_time",
          "__REALTIME_TIMESTAMP",
          // Only read together with the seconds beside them.
          "timestampNanos", "timestamp.nanos", "instant.nanoOfSecond"};
}

// An object is read through its children; its raw JSON is the last resort.
Paths ErrorPaths() {
  Paths paths;
  for (const char* object : {"error", "err", "exception", "exc_info", "exc", "failure", "fields.error",
                             "fields.err", "jsonPayload.error", "jsonPayload.err", "record.exception",
                             "data.exc", "cause", "error.cause", "err.cause", "logrus_error"}) {
    const std::string base = object;
    paths.push_back(base);
    for (const char* child :
         {"message", "msg", "reason", "value", "exception_message", "type", "kind", "exception_class", "code",
          "detail", "stack_trace", "stacktrace", "stack", "traceback"}) {
      paths.push_back(base + "." + child);
    }
  }
  for (const char* path : {"errorMessage",
                           "error_message",
                           "errorType",
                           "err_msg",
                           "errmsg",
                           "errorVerbose",
                           "error_detail",
                           "exception.exc_value",
                           "exception_message",
                           "exception_class",
                           "@x",
                           "Exception",
                           "stack",
                           "stack_trace",
                           "stacktrace",
                           "stackTrace",
                           "stack_info",
                           "traceback",
                           "backtrace",
                           "exc_text",
                           "full_message",
                           "data.traceback",
                           "_exception",
                           "attributes.exception.message",
                           "attributes.exception.type",
                           "attributes.exception.stacktrace",
                           "S"}) {
    paths.emplace_back(path);
  }
  return paths;
}

Paths TaskPaths() {
  Paths paths = {"task_id", "taskId", "taskID",    "TaskId",      "task.id", "celery_task_id",
                 "job_id",  "jobId",  "jobID",     "JobId",       "jobid",   "jid",
                 "ctx.jid", "job.id", "task_uuid", "task_run_id", "TASK_ID", "TASK_UUID"};
  // Where loggers put what an application gives them.
  for (const char* object : {"ctx", "fields", "extra", "record.extra", "attributes", "mdc", "labels",
                             "jsonPayload", "context", "metadata", "meta", "data", "span"}) {
    for (const char* name : {"task_id", "taskId", "job_id", "jobId"}) {
      paths.push_back(std::string(object) + "." + name);
    }
  }
  for (const char* path :
       {// OpenTelemetry's conventions; a message's id is the task's for queues that carry tasks.
        "celery.task_id", "faas.invocation_id", "faas.execution", "messaging.message.id",
        "messaging.message_id",
        // A run's own id, where no task's is there.
        "run_id", "runId", "execution_id", "executionId", "jsonPayload.run_id"}) {
    paths.emplace_back(path);
  }
  return paths;
}

FieldCandidates MakeBuiltinFields() {
  FieldCandidates fields;
  const auto set = [&fields](Field field, Paths paths) {
    fields.paths[static_cast<size_t>(field)] = std::move(paths);
  };
  set(Field::kMessage, MessagePaths());
  set(Field::kLevel, LevelPaths());
  set(Field::kTime, TimePaths());
  set(Field::kError, ErrorPaths());
  set(Field::kTask, TaskPaths());
  set(Field::kAttempt, {"attempt", "attempts", "attemptsMade", "attempts_made", "attempt_number",
                        "attemptNumber", "try_number", "retries"});
  set(Field::kName,
      {"task_name", "taskName", "task.name", "jobName", "job_name", "job.name", "celery.task_name",
       "job_class", "jobClass", "task_run_name", "TASK_NAME", "ctx.class", "class"});
  set(Field::kTrace, {"trace_id",
                      "traceId",
                      "traceID",
                      "TraceId",
                      "trace.id",
                      "@tr",
                      "otelTraceID",
                      "dd.trace_id",
                      "trace",
                      "request_id",
                      "requestId",
                      "requestID",
                      "RequestId",
                      "reqId",
                      "req_id",
                      "x_request_id",
                      "correlation_id",
                      "correlationId",
                      "CorrelationId",
                      "transaction.id",
                      "logging.googleapis.com/trace",
                      "fields.trace_id",
                      "fields.request_id",
                      "extra.trace_id",
                      "extra.request_id",
                      "attributes.trace_id",
                      "jsonPayload.trace_id",
                      "jsonPayload.request_id",
                      "message_id",
                      "messageId"});
  set(Field::kHost,
      {"_HOSTNAME", "hostname", "host.name", "host", "hostName", "host_name", "MachineName", "k8s.pod.name"});
  set(Field::kPid, {"_PID", "pid", "process", "process.pid", "process_id", "processId", "record.process.id"});
  set(Field::kThread,
      {"tid", "thread", "thread_name", "threadName", "process.thread.name", "process.thread.id", "threadId",
       "thread_id", "thread.name", "record.thread.name", "TID"});
  set(Field::kLane, {"processName", "record.process.name"});
  set(Field::kLogger, {"logger", "logger_name", "loggerName", "log.logger", "logger.name", "@module",
                       "target", "SourceContext", "record.name", "name"});
  set(Field::kQueue,
      {"queue", "queueName", "queue_name", "queue.name", "ctx.queue", "messaging.destination.name"});
  return fields;
}

}  // namespace

const FieldCandidates& BuiltinFields() {
  static const FieldCandidates* const fields = new FieldCandidates(MakeBuiltinFields());
  return *fields;
}

LevelScale ScaleOf(std::string_view path) {
  if (path == "severityNumber" || path == "severity_number" || path == "SeverityNumber") {
    return LevelScale::kOpenTelemetry;
  }
  if (path == "PRIORITY" || path == "syslog_severity" || path == "log.syslog.severity.code") {
    return LevelScale::kSyslog;
  }
  return LevelScale::kGuess;
}

}  // namespace gainsay
