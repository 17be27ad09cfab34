#include "absl/status/status.h"
#include "watch/receiver.h"

#if GAINSAY_HAS_CURL
#include <curl/curl.h>

#include <algorithm>
#include <utility>
#endif

namespace gainsay {

#if GAINSAY_HAS_CURL

namespace {

constexpr curl_off_t kLongestWaitSeconds = 300;

struct CurlText {
  char* text = nullptr;
  ~CurlText() { curl_free(text); }
};

std::string Part(CURLU* url, CURLUPart part) {
  CurlText value;
  return curl_url_get(url, part, &value.text, 0) == CURLUE_OK ? value.text : "";
}

// "https://host" of an address; "" if it is none of http or https.
std::string SchemeAndHost(const std::string& address) {
  const std::unique_ptr<CURLU, void (*)(CURLU*)> url(curl_url(), curl_url_cleanup);
  if (url == nullptr || curl_url_set(url.get(), CURLUPART_URL, address.c_str(), 0) != CURLUE_OK) return "";
  const std::string scheme = Part(url.get(), CURLUPART_SCHEME), host = Part(url.get(), CURLUPART_HOST);
  if ((scheme != "http" && scheme != "https") || host.empty()) return "";
  return scheme + "://" + host;
}

size_t Discard(char* data, size_t size, size_t count, void* context) {
  static_cast<void>(data);
  static_cast<void>(context);
  return size * count;
}

int Progress(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return *static_cast<const std::atomic<bool>*>(stop) ? 1 : 0;
}

bool WorthTryingAgain(long code) { return code == 408 || code == 425 || code == 429 || code >= 500; }

class Webhook : public Receiver {
 public:
  Webhook(WebhookOptions options, std::string shown)
      : options_(std::move(options)), shown_(std::move(shown)), curl_(curl_easy_init(), curl_easy_cleanup) {}

  std::string_view name() const override { return "webhook"; }

  Delivery Deliver(const Notice& notice, const std::atomic<bool>& stop) override {
    if (curl_ == nullptr) return {Delivery::Outcome::kAgain, "not enough memory", {}};
    CURL* curl = curl_.get();
    const Headers headers = MakeHeaders(notice);
    curl_easy_setopt(curl, CURLOPT_URL, options_.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(notice.json.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, notice.json.data());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "gainsay");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout.count()));
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, Discard);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, Progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &stop);
    return Answered(curl_easy_perform(curl));
  }

 private:
  using Headers = std::unique_ptr<curl_slist, void (*)(curl_slist*)>;

  Headers MakeHeaders(const Notice& notice) const {
    curl_slist* list = curl_slist_append(nullptr, "Content-Type: application/json");
    list = curl_slist_append(list, ("Idempotency-Key: \"" + notice.id + "\"").c_str());
    list = curl_slist_append(list, "Expect:");  // no round trip before the body
    for (const std::string& header : options_.headers) list = curl_slist_append(list, header.c_str());
    return {list, curl_slist_free_all};
  }

  Delivery Answered(CURLcode result) const {
    if (result != CURLE_OK) {
      return {Delivery::Outcome::kAgain, shown_ + ": " + curl_easy_strerror(result), {}};
    }
    long code = 0;
    curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &code);
    if (code >= 200 && code < 300) return {};
    const std::string why = shown_ + ": HTTP " + std::to_string(code);
    if (!WorthTryingAgain(code)) return {Delivery::Outcome::kRefused, why, {}};
    curl_off_t seconds = 0;
    curl_easy_getinfo(curl_.get(), CURLINFO_RETRY_AFTER, &seconds);
    seconds = std::clamp<curl_off_t>(seconds, 0, kLongestWaitSeconds);
    return {Delivery::Outcome::kAgain, why, std::chrono::seconds(seconds)};
  }

  WebhookOptions options_;
  std::string shown_;
  std::unique_ptr<CURL, void (*)(CURL*)> curl_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Receiver>> MakeWebhookReceiver(WebhookOptions options) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) return absl::InternalError("--webhook: libcurl can't be set up");
  const std::string shown = SchemeAndHost(options.url);
  if (shown.empty()) return absl::InvalidArgumentError("--webhook: not an http or https address");
  for (const std::string& header : options.headers) {
    if (header.find_first_of("\r\n") != std::string::npos || header.find(':') == std::string::npos) {
      return absl::InvalidArgumentError("--webhook-header: not a header like 'Name: value'");
    }
  }
  return std::make_unique<Webhook>(std::move(options), shown);
}

#else

absl::StatusOr<std::unique_ptr<Receiver>> MakeWebhookReceiver(WebhookOptions options) {
  static_cast<void>(options);
  return absl::UnimplementedError(
      "--webhook: built without libcurl (install libcurl4-openssl-dev and build again)");
}

#endif

}  // namespace gainsay
