package dev.sweeprunner.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SlurmSiteTests {
  @Test
  void a_recorded_configuration_names_the_controller() {
    assertThat(SlurmSite.read(Recorded.text("config.txt")))
        .contains(new SlurmSite("sweeptest@ctl1(10.0.0.1):6817", Duration.ofSeconds(15)));
  }

  @Test
  void an_older_version_names_its_machine() {
    assertThat(SlurmSite.read("ClusterName = a\nControlMachine = m\n"))
        .contains(new SlurmSite("a@m:", Duration.ofSeconds(30)));
  }

  @Test
  void without_a_controller_there_is_no_identity() {
    assertThat(SlurmSite.read("")).isEmpty();
    assertThat(SlurmSite.read("ClusterName = a\n")).isEmpty();
  }
}
