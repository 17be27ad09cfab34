// A part of the pattern that takes few texts gives them all; a row of such parts their products. Of a row
// that takes too many only a piece is taken, and of all pieces the one whose texts are rarest.
#include "event/pattern_texts.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "event/literals.h"
#include "record/pattern_tree.h"

namespace gainsay {
namespace {

using Kind = PatternNode::Kind;
using Texts = std::vector<std::string>;

constexpr size_t kMostBytes = 10;     // of a class that is multiplied out
constexpr size_t kMostProduct = 512;  // texts on the way

void Tidy(Texts* texts) {
  std::sort(texts->begin(), texts->end());
  texts->erase(std::unique(texts->begin(), texts->end()), texts->end());
}

class Finder {
 public:
  explicit Finder(size_t most) : most_(most) {}

  // Of all matches of the node each holds one of them.
  Texts Needed(const PatternNode& node) const {
    switch (node.kind) {
      case Kind::kConcat:
        return NeededOfRow(node);
      case Kind::kEither: {
        Texts all;
        for (const auto& part : node.parts) {
          const Texts texts = Needed(*part);
          if (texts.empty()) return {};
          all.insert(all.end(), texts.begin(), texts.end());
        }
        return Least(std::move(all));
      }
      case Kind::kRepeat:
        return node.least > 0 ? Needed(*node.parts[0]) : Texts{};
      case Kind::kGroup:
        return node.parts.empty() ? Texts{} : Needed(*node.parts[0]);
      default: {
        const std::optional<Texts> texts = All(node);
        return texts ? Searchable(*texts) : Texts{};
      }
    }
  }

 private:
  // All that the node takes, in lower case, if it is few.
  static std::optional<Texts> All(const PatternNode& node) {
    Texts all;
    switch (node.kind) {
      case Kind::kChar:
        if (node.beyond != BeyondAscii::kNone) return std::nullopt;
        for (size_t byte = 0; byte < node.bytes.size(); ++byte) {
          if (!node.bytes[byte]) continue;
          all.emplace_back(1, absl::ascii_tolower(static_cast<unsigned char>(byte)));
        }
        Tidy(&all);
        if (all.empty() || all.size() > kMostBytes) return std::nullopt;
        return all;
      case Kind::kConcat:
        all = {""};
        for (const auto& part : node.parts) {
          const std::optional<Texts> texts = All(*part);
          if (!texts || !Multiply(&all, *texts)) return std::nullopt;
        }
        return all;
      case Kind::kEither:
        for (const auto& part : node.parts) {
          const std::optional<Texts> texts = All(*part);
          if (!texts) return std::nullopt;
          all.insert(all.end(), texts->begin(), texts->end());
        }
        Tidy(&all);
        if (all.size() > kMostProduct) return std::nullopt;
        return all;
      case Kind::kRepeat: {
        if (node.most != 1) return std::nullopt;
        std::optional<Texts> texts = All(*node.parts[0]);
        if (texts && node.least == 0) texts->emplace_back();
        if (texts) Tidy(&*texts);
        return texts;
      }
      case Kind::kGroup:
        return node.parts.empty() ? Texts{""} : All(*node.parts[0]);
      default:  // what reads nothing
        return Texts{""};
    }
  }

  static bool Multiply(Texts* texts, const Texts& behind) {
    if (texts->size() * behind.size() > kMostProduct) return false;
    Texts product;
    for (const std::string& first : *texts) {
      for (const std::string& second : behind) product.push_back(first + second);
    }
    Tidy(&product);
    *texts = std::move(product);
    return true;
  }

  Texts NeededOfRow(const PatternNode& row) const {
    std::vector<std::optional<Texts>> all, first;  // of each part what it takes, and what it begins with
    Texts best;
    for (const auto& part : row.parts) {
      all.push_back(All(*part));
      const bool repeats = !all.back() && part->kind == Kind::kRepeat && part->least > 0;
      first.push_back(repeats ? All(*part->parts[0]) : all.back());
      if (!all.back()) Prefer(Needed(*part), &best);
    }
    for (size_t begin = 0; begin < all.size(); ++begin) {
      Texts texts = {""};
      for (size_t i = begin; i < all.size() && first[i] && Multiply(&texts, *first[i]); ++i) {
        Prefer(Searchable(texts), &best);
        if (!all[i]) break;
      }
    }
    return best;
  }

  // The rarest part of each that can be looked for; empty if one has none.
  Texts Searchable(const Texts& texts) const {
    Texts parts;
    for (const std::string& text : texts) {
      const Texts found = SearchableParts(text);
      if (found.size() != 1) return {};
      parts.push_back(found[0]);
    }
    return Least(std::move(parts));
  }

  // Without those that others are part of; empty if they are too many.
  Texts Least(Texts texts) const {
    Texts least;
    Tidy(&texts);
    if (texts.size() > 2 * most_) return least;
    for (const std::string& text : texts) {
      const bool covered = std::any_of(texts.begin(), texts.end(), [&text](const std::string& other) {
        return other.size() < text.size() && text.find(other) != std::string::npos;
      });
      if (!covered) least.push_back(text);
    }
    if (least.size() > most_) least.clear();
    return least;
  }

  static double CostOf(const Texts& texts) {
    double cost = 0;
    for (const std::string& text : texts) cost += LiteralCost(text);
    return cost;
  }
  static void Prefer(Texts texts, Texts* best) {
    if (!texts.empty() && (best->empty() || CostOf(texts) < CostOf(*best))) *best = std::move(texts);
  }

  const size_t most_;
};

}  // namespace

std::vector<std::string> PatternTexts(const std::string& regex, size_t most) {
  const PatternTree tree = ReadPattern(regex);
  return tree.root == nullptr ? Texts{} : Finder(most).Needed(*tree.root);
}

}  // namespace gainsay
