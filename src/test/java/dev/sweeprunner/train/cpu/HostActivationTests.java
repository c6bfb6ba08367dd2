package dev.sweeprunner.train.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostActivationTests {
  @ParameterizedTest
  @CsvSource({"1, 1, 1", "40, 8, 3", "5, 100, 2", "3, 300, 4"})
  void what_goes_in_row_major_comes_out_so(int rows, int length, int features) {
    float[] values = new float[rows * length * features];
    for (int i = 0; i < values.length; i++) {
      values[i] = i + 1;
    }
    try (CpuKernels kernels = new CpuKernels(1, CpuBackEnd.Vectors.NEVER)) {
      Activation activation = kernels.activation(rows, length, features, Precision.FULL);
      kernels.upload(values, rows, activation);

      assertThat(kernels.download(rows, activation)).isEqualTo(values);
      kernels.zero(activation);
      assertThat(kernels.download(rows, activation)).containsOnly(0);
    }
  }

  @ParameterizedTest
  @CsvSource({"8, 256", "64, 256", "100, 200", "256, 256", "257, 257", "1, 256"})
  void a_block_holds_whole_sequences(int length, int width) {
    assertThat(HostActivation.of(1, length, 1).width()).isEqualTo(width);
  }

  @Test
  void a_parameter_must_be_uploaded_whole() {
    try (CpuKernels kernels = new CpuKernels(1, CpuBackEnd.Vectors.NEVER)) {
      assertThatThrownBy(() -> kernels.upload(new float[3], kernels.floats(4)))
          .hasMessageContaining("3 values for a buffer of 4");
    }
  }
}
