package dev.sweeprunner.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.testkit.AnyJson;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MembersTests {
  @Test
  void values_stand_as_they_were_written() throws UnreadableJson {
    Map<String, String> members =
        Members.of(
            " {\"a\" : 0.10 ,\"b\":{\"c\":[1, NaN]},\"d\":\"x,\\\"}\",\"\\u00e9\":-Infinity} ");

    assertThat(members)
        .containsExactly(
            Map.entry("a", "0.10"),
            Map.entry("b", "{\"c\":[1, NaN]}"),
            Map.entry("d", "\"x,\\\"}\""),
            Map.entry("é", "-Infinity"));
    assertThat(Members.of("{ }")).isEmpty();
  }

  @Test
  void of_two_members_with_one_name_the_later_one_counts() throws UnreadableJson {
    assertThat(Members.of("{\"a\":1,\"b\":2,\"a\":3}"))
        .containsExactly(Map.entry("a", "3"), Map.entry("b", "2"));
  }

  @Test
  void what_is_no_object_is_refused() {
    for (String text : new String[] {"", "[1]", "{\"a\":}", "{\"a\":1", "{\"a\":1}}"}) {
      assertThatThrownBy(() -> Members.of(text)).isInstanceOf(UnreadableJson.class);
    }
  }

  @Test
  void whatever_the_members_are_they_say_the_same_taken_apart_and_joined() throws UnreadableJson {
    for (long seed = 0; seed < 2_000; seed++) {
      String object = "{" + new AnyJson(seed).members() + "}";

      Map<String, String> members = Members.of(object);

      String again = Members.object(members);
      assertThat(Json.object(again.getBytes(UTF_8)))
          .as("seed " + seed)
          .isEqualTo(Json.object(object.getBytes(UTF_8)));
      assertThat(members.values()).allMatch(object::contains);
    }
  }

  @Test
  void plain_json_has_what_json_lacks_in_quotes_and_nothing_else_changed() throws UnreadableJson {
    assertThat(Members.plain("{\"NaN\": NaN,\"a\":[-Infinity,Infinity,-1,null],\"b\":\"x NaN\"}"))
        .isEqualTo("{\"NaN\": \"NaN\",\"a\":[\"-Infinity\",\"Infinity\",-1,null],\"b\":\"x NaN\"}");
    for (long seed = 0; seed < 500; seed++) {
      String object = "{" + new AnyJson(seed).members() + "}";
      assertThat(Json.object(Members.plain(object).getBytes(UTF_8)).keySet())
          .isEqualTo(Json.object(object.getBytes(UTF_8)).keySet());
    }
  }
}
