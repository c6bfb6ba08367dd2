package dev.sweeprunner.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowTextTests {
  @Test
  void members_come_with_their_names_and_digits() {
    assertThat(members("\"train/loss\":1.3659495274575855,\"lr\":4.8e-3"))
        .containsExactly("train/loss=1.3659495274575855", "lr=4.8e-3");
    assertThat(members("")).isEmpty();
  }

  @Test
  void what_json_lacks_comes_without_quotes() {
    assertThat(members("\"a\":\"NaN\",\"b\":\"-Infinity\",\"c\":1.0"))
        .containsExactly("a=NaN", "b=-Infinity", "c=1.0");
  }

  @Test
  void a_name_may_hold_anything() {
    assertThat(members("\"a,\\\"b\\\":1,\\u0041\":2.0,\"c\\\\\":3.0"))
        .containsExactly("a,\"b\":1,A=2.0", "c\\=3.0");
  }

  private static List<String> members(String text) {
    List<String> members = new ArrayList<>();
    RowText.each(text, (name, value) -> members.add(name + "=" + value));
    return members;
  }
}
