// A value that is made when it is first asked for, and costs one look after that.
//
// May be shared by threads.
#ifndef GAINSAY_EVENT_MADE_ONCE_H_
#define GAINSAY_EVENT_MADE_ONCE_H_

#include <atomic>
#include <memory>
#include <mutex>

namespace gainsay {

template <typename Value>
class MadeOnce {
 public:
  // `make` gives a std::unique_ptr to it, which may not be null; called once.
  template <typename Make>
  const Value& Get(Make make) const {
    if (const Value* value = ready_.load(std::memory_order_acquire)) return *value;
    std::call_once(once_, [&] {
      value_ = make();
      ready_.store(value_.get(), std::memory_order_release);
    });
    return *value_;
  }

 private:
  mutable std::once_flag once_;
  mutable std::unique_ptr<const Value> value_;
  mutable std::atomic<const Value*> ready_{nullptr};
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_MADE_ONCE_H_
