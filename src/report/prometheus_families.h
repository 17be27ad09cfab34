// Figures as the families of metrics that prometheus-cpp serialises and serves. For report/prometheus.cc and
// watch/metrics_server.cc alone, and only where the library is built in.
#ifndef GAINSAY_REPORT_PROMETHEUS_FAMILIES_H_
#define GAINSAY_REPORT_PROMETHEUS_FAMILIES_H_

#include <prometheus/metric_family.h>

#include <cstdint>
#include <vector>

#include "report/figures.h"

namespace gainsay {

// Label values are valid UTF-8, escaped as for text, and bounded in number.
std::vector<prometheus::MetricFamily> PrometheusFamilies(const Figures& figures, int64_t now_ns);

}  // namespace gainsay

#endif  // GAINSAY_REPORT_PROMETHEUS_FAMILIES_H_
