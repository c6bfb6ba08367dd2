package dev.sweeprunner.train.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.FakeGpu;
import org.junit.jupiter.api.AfterEach;

/** On the kernels for GPUs, run by the processors. */
class CudaGptTests extends GptContract {
  CudaGptTests() {
    super(FakeGpu.backEnd());
  }

  @AfterEach
  void the_driver_has_nothing_to_complain_of() {
    assertThat(FakeGpu.violations()).isEmpty();
  }
}
