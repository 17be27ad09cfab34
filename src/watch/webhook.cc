// libcurl is opened when a webhook is asked for, not linked: it brings thirty libraries with it, and the
// loader would take as long for them as gainsay takes for all its rules, each time that it starts.
#include "absl/status/status.h"
#include "watch/receiver.h"

#if GAINSAY_HAS_CURL
#include <curl/curl.h>
#include <dlfcn.h>

#include <algorithm>
#include <utility>
#endif

namespace gainsay {

#if GAINSAY_HAS_CURL

namespace {

constexpr curl_off_t kLongestWaitSeconds = 300;

struct CurlApi {
  decltype(&curl_global_init) global_init = nullptr;
  decltype(&curl_easy_init) easy_init = nullptr;
  decltype(&curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&curl_easy_setopt) setopt = nullptr;
  decltype(&curl_easy_perform) perform = nullptr;
  decltype(&curl_easy_getinfo) getinfo = nullptr;
  decltype(&curl_easy_strerror) strerror = nullptr;
  decltype(&curl_slist_append) append = nullptr;
  decltype(&curl_slist_free_all) free_all = nullptr;
  decltype(&curl_url) url = nullptr;
  decltype(&curl_url_cleanup) url_cleanup = nullptr;
  decltype(&curl_url_set) url_set = nullptr;
  decltype(&curl_url_get) url_get = nullptr;
  decltype(&curl_free) free = nullptr;
};

template <typename Function>
bool Find(void* library, const char* name, Function* function) {
  *function = reinterpret_cast<Function>(dlsym(library, name));
  return *function != nullptr;
}

// Null where libcurl is not installed, or is none that we know.
const CurlApi* OpenCurl() {
  static CurlApi api;
  void* library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) library = dlopen("libcurl-gnutls.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return nullptr;
  const bool whole =
      Find(library, "curl_global_init", &api.global_init) &&
      Find(library, "curl_easy_init", &api.easy_init) &&
      Find(library, "curl_easy_cleanup", &api.easy_cleanup) &&
      Find(library, "curl_easy_setopt", &api.setopt) && Find(library, "curl_easy_perform", &api.perform) &&
      Find(library, "curl_easy_getinfo", &api.getinfo) &&
      Find(library, "curl_easy_strerror", &api.strerror) && Find(library, "curl_slist_append", &api.append) &&
      Find(library, "curl_slist_free_all", &api.free_all) && Find(library, "curl_url", &api.url) &&
      Find(library, "curl_url_cleanup", &api.url_cleanup) && Find(library, "curl_url_set", &api.url_set) &&
      Find(library, "curl_url_get", &api.url_get) && Find(library, "curl_free", &api.free);
  return whole && api.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? &api : nullptr;
}

std::string Part(const CurlApi& api, CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (api.url_get(url, part, &text, 0) != CURLUE_OK) return "";
  std::string value = text;
  api.free(text);
  return value;
}

// "https://host" of an address; "" if it is none of http or https.
std::string SchemeAndHost(const CurlApi& api, const std::string& address) {
  const std::unique_ptr<CURLU, void (*)(CURLU*)> url(api.url(), api.url_cleanup);
  if (url == nullptr || api.url_set(url.get(), CURLUPART_URL, address.c_str(), 0) != CURLUE_OK) return "";
  const std::string scheme = Part(api, url.get(), CURLUPART_SCHEME),
                    host = Part(api, url.get(), CURLUPART_HOST);
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
  Webhook(const CurlApi& api, WebhookOptions options, std::string shown)
      : api_(api),
        options_(std::move(options)),
        shown_(std::move(shown)),
        curl_(api.easy_init(), api.easy_cleanup) {}

  std::string_view name() const override { return "webhook"; }

  Delivery Deliver(const Notice& notice, const std::atomic<bool>& stop) override {
    if (curl_ == nullptr) return {Delivery::Outcome::kAgain, "not enough memory", {}};
    CURL* curl = curl_.get();
    const Headers headers = MakeHeaders(notice);
    api_.setopt(curl, CURLOPT_URL, options_.url.c_str());
    api_.setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    api_.setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(notice.json.size()));
    api_.setopt(curl, CURLOPT_POSTFIELDS, notice.json.data());
    api_.setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    api_.setopt(curl, CURLOPT_USERAGENT, "gainsay");
    api_.setopt(curl, CURLOPT_NOSIGNAL, 1L);
    api_.setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout.count()));
    api_.setopt(curl, CURLOPT_WRITEFUNCTION, Discard);
    api_.setopt(curl, CURLOPT_NOPROGRESS, 0L);
    api_.setopt(curl, CURLOPT_XFERINFOFUNCTION, Progress);
    api_.setopt(curl, CURLOPT_XFERINFODATA, &stop);
    return Answered(api_.perform(curl));
  }

 private:
  using Headers = std::unique_ptr<curl_slist, void (*)(curl_slist*)>;

  Headers MakeHeaders(const Notice& notice) const {
    curl_slist* list = api_.append(nullptr, "Content-Type: application/json");
    list = api_.append(list, ("Idempotency-Key: \"" + notice.id + "\"").c_str());
    list = api_.append(list, "Expect:");  // no round trip before the body
    for (const std::string& header : options_.headers) list = api_.append(list, header.c_str());
    return {list, api_.free_all};
  }

  Delivery Answered(CURLcode result) const {
    if (result != CURLE_OK) {
      return {Delivery::Outcome::kAgain, shown_ + ": " + api_.strerror(result), {}};
    }
    long code = 0;
    api_.getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &code);
    if (code >= 200 && code < 300) return {};
    const std::string why = shown_ + ": HTTP " + std::to_string(code);
    if (!WorthTryingAgain(code)) return {Delivery::Outcome::kRefused, why, {}};
    curl_off_t seconds = 0;
    api_.getinfo(curl_.get(), CURLINFO_RETRY_AFTER, &seconds);
    seconds = std::clamp<curl_off_t>(seconds, 0, kLongestWaitSeconds);
    return {Delivery::Outcome::kAgain, why, std::chrono::seconds(seconds)};
  }

  const CurlApi& api_;
  WebhookOptions options_;
  std::string shown_;
  std::unique_ptr<CURL, void (*)(CURL*)> curl_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Receiver>> MakeWebhookReceiver(WebhookOptions options) {
  static const CurlApi* const api = OpenCurl();
  if (api == nullptr) return absl::UnimplementedError("--webhook: needs libcurl (install libcurl4)");
  const std::string shown = SchemeAndHost(*api, options.url);
  if (shown.empty()) return absl::InvalidArgumentError("--webhook: not an http or https address");
  for (const std::string& header : options.headers) {
    if (header.find_first_of("\r\n") != std::string::npos || header.find(':') == std::string::npos) {
      return absl::InvalidArgumentError("--webhook-header: not a header like 'Name: value'");
    }
  }
  return std::make_unique<Webhook>(*api, std::move(options), shown);
}

#else

absl::StatusOr<std::unique_ptr<Receiver>> MakeWebhookReceiver(WebhookOptions options) {
  static_cast<void>(options);
  return absl::UnimplementedError(
      "--webhook: built without libcurl (install libcurl4-openssl-dev and build again)");
}

#endif

}  // namespace gainsay
