package dev.sweeprunner.train.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sweeprunner.testkit.FakeCuda;
import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.DeviceFailure;
import dev.sweeprunner.train.kernels.Kernels;
import java.io.IOException;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Finding a GPU, and what a driver answers when it does not do what it is asked. */
class CudaBackEndTests {
  private static final int TOKENS = 8192;

  private FakeGpu gpu;

  @BeforeEach
  void load() throws IOException {
    gpu = new FakeGpu(FakeCuda.load());
  }

  @AfterEach
  void release() {
    gpu.release();
  }

  @Test
  void a_gpu_says_what_it_is() throws Exception {
    CudaBackEnd backEnd = gpu.find(Map.of("name", "NVIDIA H100 80GB HBM3", "memory_mib", "81559"));

    assertThat(backEnd.device()).isEqualTo("cuda:0 NVIDIA H100 80GB HBM3, 80 GiB");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          driver | 11070 | too old: it supports CUDA 11.7, and our kernels need CUDA 11.8
          devices | 0 | shows this process no GPU. CUDA_VISIBLE_DEVICES
          init | 100 | CUDA_ERROR_NO_DEVICE (100): no CUDA-capable device is detected. CUDA_VISIBLE
          init | 803 | (803): system has unsupported display driver / cuda driver combination. lib
          init | 804 | (804). The libcuda.so.1 that was found is of CUDA's compatibility package
          init | 999 | does not start: CUDA_ERROR_UNKNOWN (999): unknown error. Where nvidia-smi
          cc | 7.5 | cuda:0 Fake H100 has compute capability 7.5; our kernels need 8.0 (A100)
          """)
  void what_is_missing_is_said(String key, String value, String said) {
    assertThatThrownBy(() -> gpu.find(Map.of(key, value)))
        .isInstanceOf(NoCuda.class)
        .hasMessageContaining(said);
  }

  @Test
  void a_number_that_no_gpu_has_is_refused() {
    assertThatThrownBy(() -> gpu.find(2, Map.of("devices", "2")))
        .hasMessageContaining("There is no cuda:2: this process sees 2 GPUs, cuda:0 to cuda:1.");
    assertThatThrownBy(() -> gpu.find(-1, Map.of())).hasMessageContaining("one GPU, cuda:0.");
  }

  @ParameterizedTest
  @CsvSource({
    "true, 32, bfloat16",
    "true, 48, float32",
    "false, 32, float32",
    "true, 16, bfloat16"
  })
  void a_wish_for_bfloat16_is_met_where_the_head_knows_the_size(
      boolean bfloat16, int embd, String dtype) throws Exception {
    CudaBackEnd backEnd = gpu.find(Map.of());

    try (Kernels kernels = backEnd.open(new BackEnd.Wish(bfloat16, embd, TOKENS))) {
      assertThat(kernels.traits().version()).isEqualTo("cuda-1");
      assertThat(kernels.traits().device()).isEqualTo("Fake H100");
      assertThat(kernels.traits().dtype()).isEqualTo(dtype);
      assertThat(kernels.traits().peakFlops()).isGreaterThan(1e13);
    }
    gpu.assertNothingIsLeft();
  }

  @ParameterizedTest
  @CsvSource({
    "cc, 9.0, true, cuda-1-warpgroup",
    "cc, 9.0, false, cuda-1",
    "cc, 8.0, true, cuda-1",
    "cc, 12.0, true, cuda-1",
    "driver, 11080, true, cuda-1"
  })
  void products_of_four_warps_are_for_hopper_and_a_driver_that_reads_them(
      String key, String value, boolean wished, String version) throws Exception {
    CudaBackEnd backEnd = gpu.find(0, Map.of(key, value), wished);

    try (Kernels kernels = backEnd.open(new BackEnd.Wish(true, 64, TOKENS))) {
      assertThat(kernels.traits().version()).isEqualTo(version);
    }
    gpu.assertNothingIsLeft();
  }

  @ParameterizedTest
  @CsvSource({
    "131072, 64, 2048",
    "131072, 1, 131072",
    "100000, 64, 1536",
    "10, 64, 128",
    "10, 9000, 1"
  })
  void slices_are_whole_quanta(int tokensAtOnce, int length, int rows) throws Exception {
    try (Kernels kernels = gpu.find(Map.of()).open(new BackEnd.Wish(true, 32, tokensAtOnce))) {
      assertThat(kernels.rowsAtOnce(length)).isEqualTo(rows);
    }
  }

  @Test
  void kernels_that_the_driver_does_not_take_are_a_broken_device() throws Exception {
    CudaBackEnd backEnd = gpu.find(Map.of("fail_at", "load:1=218"));

    assertThat(failure(() -> backEnd.open(new BackEnd.Wish(true, 32, TOKENS))))
        .satisfies(f -> assertThat(f.kind()).isEqualTo(DeviceFailure.Kind.BROKEN))
        .hasMessage(
            "cuModuleLoadData of our kernels failed: CUDA_ERROR_INVALID_PTX (218): a PTX JIT"
                + " compilation failed.");
  }

  @Test
  void a_gpu_that_has_no_room_for_a_context_is_full() throws Exception {
    CudaBackEnd backEnd = gpu.find(Map.of("fail_at", "context:1=2"));

    assertThat(failure(() -> backEnd.open(new BackEnd.Wish(true, 32, TOKENS))))
        .satisfies(f -> assertThat(f.kind()).isEqualTo(DeviceFailure.Kind.FULL))
        .hasMessageContaining("Others use all of its memory.");
  }

  @Test
  void a_model_larger_than_the_gpu_does_not_fit() throws Exception {
    try (Kernels kernels = gpu.open(Map.of("memory_mib", "1024", "used_mib", "300"))) {
      kernels.floats(200 << 20);

      assertThat(failure(kernels::allocate))
          .satisfies(f -> assertThat(f.kind()).isEqualTo(DeviceFailure.Kind.TOO_SMALL))
          .hasMessage(
              "The model needs 800 MiB of GPU memory, and cuda:0 Fake H100 has only 1.0 GiB,"
                  + " the driver's own 300 MiB included. It needs a larger GPU.");
      assertThat(kernels.memory()).isZero();
    }
    gpu.assertNothingIsLeft();
  }

  @Test
  void a_gpu_that_others_use_is_full() throws Exception {
    try (Kernels kernels = gpu.open(Map.of("memory_mib", "4096", "used_mib", "3900"))) {
      kernels.floats(200 << 20);

      assertThat(failure(kernels::allocate))
          .satisfies(f -> assertThat(f.kind()).isEqualTo(DeviceFailure.Kind.FULL))
          .hasMessage(
              "The model needs 800 MiB of GPU memory, and of the 4.0 GiB of cuda:0 Fake H100 only"
                  + " 196 MiB are free. Others use the rest: wait for them, or name another GPU"
                  + " (CUDA_VISIBLE_DEVICES, --device cuda:N).");
    }
    gpu.assertNothingIsLeft();
  }

  @Test
  void a_driver_that_refuses_what_it_had_free_is_full() throws Exception {
    try (Kernels kernels = gpu.open(Map.of("fail_at", "alloc:1=2"))) {
      kernels.floats(1);

      assertThat(failure(kernels::allocate).kind()).isEqualTo(DeviceFailure.Kind.FULL);
    }
    gpu.assertNothingIsLeft();
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "4", "5", "7", "8", "9", "11"})
  void page_locked_memory_that_is_not_given_leaves_nothing_behind(int number) throws Exception {
    CudaBackEnd backEnd = gpu.find(Map.of("fail_at", "host-alloc:" + number + "=2"));

    DeviceFailure failure =
        failure(
            () -> {
              try (Kernels kernels = backEnd.open(new BackEnd.Wish(true, 32, TOKENS))) {
                new SmallModel(kernels);
                new SmallModel(kernels);
              }
            });

    assertThat(failure.kind()).isEqualTo(DeviceFailure.Kind.FULL);
    assertThat(failure).hasMessageContaining("of page-locked memory");
    gpu.assertNothingIsLeft();
  }

  private static DeviceFailure failure(ThrowingCallable call) {
    return catchThrowableOfType(DeviceFailure.class, call);
  }
}
