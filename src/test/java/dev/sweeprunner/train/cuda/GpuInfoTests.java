package dev.sweeprunner.train.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpuInfoTests {
  @ParameterizedTest
  @CsvSource({
    "A100 SXM, 8, 0, 108, 1410000, 312e12, 19.5e12",
    "H100 SXM, 9, 0, 132, 1830000, 989e12, 61.8e12",
    "L40S, 8, 9, 142, 2520000, 366e12, 91.6e12",
    "B200, 10, 0, 148, 1850000, 2243e12, 70.1e12"
  })
  void a_gpu_has_its_data_sheets_peak(
      String name, int major, int minor, int count, int clock, double bfloat16, double float32) {
    var gpuInfo = new GpuInfo(0, name, major, minor, 1, count, clock);

    assertThat(gpuInfo.peakFlops(DataType.BFLOAT16)).isCloseTo(bfloat16, within(0.005 * bfloat16));
    assertThat(gpuInfo.peakFlops(DataType.FLOAT32)).isCloseTo(float32, within(0.005 * float32));
  }

  @Test
  void what_is_unknown_is_zero() {
    assertThat(new GpuInfo(0, "?", 11, 0, 1, 20, 1).peakFlops(DataType.BFLOAT16)).isZero();
    assertThat(new GpuInfo(0, "?", 9, 0, 1, 132, 0).peakFlops(DataType.BFLOAT16)).isZero();
  }

  @Test
  void a_card_names_itself() {
    var gpuInfo = new GpuInfo(1, "NVIDIA H100 80GB HBM3", 9, 0, 85_520_809_984L, 132, 1_980_000);

    assertThat(gpuInfo.text()).isEqualTo("cuda:1 NVIDIA H100 80GB HBM3, 80 GiB");
  }
}
