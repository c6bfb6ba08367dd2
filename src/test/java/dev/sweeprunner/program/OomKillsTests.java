package dev.sweeprunner.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OomKillsTests {
  @TempDir Path folder;

  @Test
  void the_kernel_says_whom_it_has_ended() throws IOException {
    Path vmstat = folder.resolve("vmstat");
    OomKills kills = new OomKills(vmstat);
    Files.writeString(vmstat, "pgfault 12\noom_kill 7\noom_kill_other 9\n");

    assertThat(kills.count()).isEqualTo(7);

    Files.writeString(vmstat, "oom_kill 8\n");
    assertThat(kills.count()).isEqualTo(8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "pgfault 12\n", "oom_kill many\n", "oom_killed 3\n"})
  void where_it_does_not_say_it_is_nobody(String text) throws IOException {
    Path vmstat = Files.writeString(folder.resolve("vmstat"), text);

    assertThat(new OomKills(vmstat).count()).isZero();
  }

  @Test
  void without_such_a_file_it_is_nobody() {
    assertThat(new OomKills(folder.resolve("none")).count()).isZero();
  }
}
