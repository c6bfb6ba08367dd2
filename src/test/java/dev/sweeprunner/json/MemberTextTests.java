package dev.sweeprunner.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members come out of a text as they stand in it. */
class MemberTextTests {
  private static final String[] VALUES = {
    "1",
    "-0.0",
    "1e-05",
    "1.7954570152762008e+09",
    "NaN",
    "-Infinity",
    "Infinity",
    "null",
    "true",
    "\"text, with \\\"}{ and \\u00e9\"",
    "{}",
    "[]",
    "{\"_step\": 3 , \"a\":[1,{\"b\":2}]}",
    "[1 , 2]",
    "1152921504606846976000",
    "\"\""
  };

  @Test
  void names_and_values_stand_as_they_stood() throws UnreadableJson {
    List<MemberText> members =
        MemberText.of(" { \"a\" : 1.50 ,\"\\u0062\":{\"c\": NaN } , \"a\":\"x\" } ");

    assertThat(members)
        .containsExactly(
            new MemberText("a", "\"a\" : 1.50", "1.50"),
            new MemberText("b", "\"\\u0062\":{\"c\": NaN }", "{\"c\": NaN }"),
            new MemberText("a", "\"a\":\"x\"", "\"x\""));
  }

  @Test
  void any_object_can_be_put_together_again() throws UnreadableJson {
    long seed = 23;
    SplittableRandom random = new SplittableRandom(seed);
    for (int world = 0; world < 2000; world++) {
      int count = random.nextInt(world % 100 == 0 ? 4000 : 12);
      StringJoiner text = new StringJoiner(",", "{", "}");
      for (int i = 0; i < count; i++) {
        text.add("\"m/" + i + "\":" + VALUES[random.nextInt(VALUES.length)]);
      }

      StringJoiner again = new StringJoiner(",", "{", "}");
      MemberText.of(text.toString()).forEach(member -> again.add(member.text()));

      assertThat(again.toString()).as("seed " + seed).isEqualTo(text.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "[1]",
        "{\"a\":1",
        "{\"a\":1}}",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\":\"x}",
        "{\"a\":01}",
        "{\"a\":tru}",
        "{\"a\" 1}",
        "{\"a\":{\"b\":1}"
      })
  void what_is_no_object_is_refused(String text) {
    assertThatThrownBy(() -> MemberText.of(text)).isInstanceOf(UnreadableJson.class);
  }
}
