package dev.sweeprunner.program.guard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class BoundedLogTests {
  private final StringBuilder written = new StringBuilder();

  private BoundedLog log(long limit, int most) {
    return new BoundedLog(lines -> written.append(new String(lines, UTF_8)), limit, most);
  }

  @Test
  void what_fits_goes_through_at_once() throws IOException {
    var log = log(10, 100);

    log.add("1234");
    log.add("5678");

    assertThat(written).hasToString("1234\n5678\n");
    log.close();
    assertThat(written).hasToString("1234\n5678\n");
  }

  @Test
  void of_the_rest_the_newest_come_at_the_end_with_what_is_missing() throws IOException {
    var log = log(10, 10);

    for (int i = 1; i <= 6; i++) {
      log.add("line" + i);
    }
    log.close();
    log.close();

    assertThat(written).hasToString("line1\n... 24 bytes left out ...\nline6\n");
  }

  @Test
  void once_it_is_full_a_short_line_does_not_overtake() throws IOException {
    var log = log(10, 100);

    log.add("123456");
    log.add("a long one");
    log.add("x");
    log.close();

    assertThat(written).hasToString("123456\na long one\nx\n");
  }
}
