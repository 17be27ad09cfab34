#include "record/pairs.h"

#include <gtest/gtest.h>

#include <string>

namespace gainsay {
namespace {

std::string Found(std::string_view line, Beside expected) {
  std::string json;
  EXPECT_EQ(AttributesBeside(line, &json), expected) << line;
  return json;
}

TEST(Pairs, WholeLine) {
  EXPECT_EQ(Found(R"(level=error msg="a b" x.y=1 at=)", Beside::kWholeLine),
            R"({"level":"error","msg":"a b","x.y":"1","at":""})");
  EXPECT_EQ(Found("\ta=b \t", Beside::kWholeLine), R"({"a":"b"})");
}

TEST(Pairs, BehindTheLastWord) {
  EXPECT_EQ(Found("cannot write x=1 to disk error=full", Beside::kBehind), R"({"error":"full"})");
  EXPECT_EQ(Found("a=1 b", Beside::kNothing), "");
  EXPECT_EQ(Found("2=3", Beside::kNothing), "");
  EXPECT_EQ(Found(R"(open a="b c)", Beside::kNothing), "");
  EXPECT_EQ(Found(R"(open a="b"c)", Beside::kNothing), "");
  EXPECT_EQ(Found("", Beside::kNothing), "");
}

// No escape may spell a letter that the line does not show.
TEST(Pairs, Escapes) {
  EXPECT_EQ(Found(R"(a="x \"y\" \\ \n \u0041 \x41 z")", Beside::kWholeLine),
            R"({"a":"x \"y\" \\ \n \\u0041 \\x41 z"})");
  EXPECT_EQ(Found(R"(a=x\n"y)", Beside::kWholeLine), R"({"a":"x\\n\"y"})");
  EXPECT_EQ(Found("a=\"b\\", Beside::kNothing), "");
}

TEST(Pairs, AnObjectBehindTheMessage) {
  EXPECT_EQ(Found("no space\t{\"error\": \"full\"}", Beside::kBehind), R"({"error": "full"})");
  EXPECT_EQ(Found(R"(Processed {"job":"8d1f"} [])", Beside::kBehind), R"({"job":"8d1f"})");
  EXPECT_EQ(Found("set {1, 2}", Beside::kNothing), "");
}

TEST(Pairs, LongLinesAreLeftAlone) { Found(std::string(100'000, 'a') + "=b", Beside::kNothing); }

}  // namespace
}  // namespace gainsay
