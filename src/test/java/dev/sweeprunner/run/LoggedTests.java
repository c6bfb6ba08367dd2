package dev.sweeprunner.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.json.UnreadableJson;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines lose their three reserved members and nothing else. */
class LoggedTests {
  private static final String[] OTHERS = {
    "\"loss\":1e-05",
    "\"nan\":NaN",
    "\"inf\":-Infinity",
    "\"nested\":{\"_step\":7,\"_timestamp\": 1}",
    "\"list\":[{\"_runtime\":3}, 1.50]",
    "\"twice\":1",
    "\"twice\":2",
    "\"a,\\\"_step\\\":9\":\"x}\"",
    "\"big\":1152921504606846976000",
    "\"none\":null"
  };

  @Test
  void members_survive_in_any_order_as_they_stood() throws Exception {
    SplittableRandom random = new SplittableRandom(23);
    for (int world = 0; world < 2000; world++) {
      List<String> others = new ArrayList<>(List.of(OTHERS).subList(0, random.nextInt(11)));
      List<String> all = new ArrayList<>(others);
      all.add(random.nextInt(all.size() + 1), "\"_step\":" + world);
      all.add(random.nextInt(all.size() + 1), "\"_timestamp\":1.7954570152762008e+09");
      all.add(random.nextInt(all.size() + 1), "\"\\u005fruntime\" : 0.5 ");

      Logged row = Logged.of("{" + String.join(",", all) + "}", 0).orElseThrow();

      assertThat(row)
          .isEqualTo(new Logged(world, 0.5, 1795457015.2762008, String.join(",", others)));
      assertThat(Logged.ofOurs(row.line())).contains(row);
      assertThat(Logged.of(row.line(), 0)).contains(row);
      assertThat(row.row().logged()).isEqualTo(row.members());
      assertThat(row.row().wall()).containsEntry("timestamp", 1795457015.2762008);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"loss\":1.50e-3,\"_step\":3,\"_timestamp\":2.5,\"_runtime\":0.25} | \"loss\":1.50e-3",
        "{\"_step\":3,\"_timestamp\":2.5,\"_runtime\":0.25} | ``",
        "{ \"a\" : NaN , \"_runtime\":0.25,\"_timestamp\":2.5, \"_step\" : 3 } | \"a\" : NaN",
        "{\"_step\":3,\"_timestamp\":2.5,\"_runtime\":0.25,\"n\":{\"_step\":9,\"x\":[1,{\"y\":2}]}}"
            + " | \"n\":{\"_step\":9,\"x\":[1,{\"y\":2}]}",
        "{\"_step\":3,\"_timestamp\":2.5,\"_runtime\":0.25,\"t\":\"a\\\\\\\"},{\\\\\\\\\",\"u\":-Infinity}"
            + " | \"t\":\"a\\\\\\\"},{\\\\\\\\\",\"u\":-Infinity"
      })
  void its_times_and_step_are_cut_out(String text, String members) {
    assertThat(Logged.of(text, 0)).contains(new Logged(3, 0.25, 2.5, members));
  }

  @Test
  void it_is_a_row_of_its_numbers_and_its_text() throws UnreadableJson {
    Row row = Logged.of("{\"a\":{\"b\":2},\"_step\":7,\"_timestamp\":9}", 0).orElseThrow().row();

    assertThat(row.step()).isEqualTo(7);
    assertThat(row.values()).containsEntry("a.b", 2.0);
    assertThat(row.logged()).isEqualTo("\"a\":{\"b\":2}");
    assertThat(row.wall()).containsEntry("timestamp", 9.0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{",
        "{\"_step\":1,\"_times",
        "{\"_step\":\"x\"}",
        "{\"loss\":1}",
        "[1]",
        "{\"_step\":1",
        "{\"_step\":-1}",
        "{\"_step\":1.5}",
        "{\"_step\":\"1\"}",
        "{\"_step\":NaN}",
        "{\"_step\":1e300}",
        "{\"a\":{\"_step\":1}}",
        "{\"_step\":1,\"a\":{\"b\":1}"
      })
  void what_names_no_step_is_no_row(String line) {
    assertThat(Logged.of(line, 0)).isEmpty();
    assertThat(Logged.ofOurs(line)).isEmpty();
  }

  @Test
  void a_step_is_a_whole_number_however_it_is_written() {
    assertThat(Logged.of("{\"_step\":1e3}", 7)).contains(new Logged(1000, 0, 7, ""));
    assertThat(Logged.of("{\"_step\":1,\"_step\":2,\"_timestamp\":NaN}", 7))
        .contains(new Logged(2, 0, 7, ""));
  }
}
