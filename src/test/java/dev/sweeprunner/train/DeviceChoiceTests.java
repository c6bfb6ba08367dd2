package dev.sweeprunner.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.train.cpu.CpuBackEnd;
import dev.sweeprunner.train.cpu.CpuBackEnd.Vectors;
import dev.sweeprunner.train.cuda.FreshFolder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceChoiceTests {
  private final List<String> warnings = new ArrayList<>();

  @Test
  void a_cpu_that_could_be_faster_is_a_warning_with_what_to_add() {
    assertThat(apply(Vectors.MISSING)).isEmpty();

    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("2 to 3 times slower")
        .contains("--add-modules jdk.incubator.vector");
  }

  @Test
  void one_that_could_not_is_none() {
    assertThat(apply(Vectors.NEVER)).isEmpty();
    assertThat(apply(Vectors.WHERE_WORTH)).isEmpty();

    assertThat(warnings).isEmpty();
  }

  private String apply(Vectors vectors) {
    Devices devices = new Devices(new CpuBackEnd(1, vectors));
    return new DeviceChoice(new FreshFolder(), warnings::add).apply("cpu", devices);
  }
}
