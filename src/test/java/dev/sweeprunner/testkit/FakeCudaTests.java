package dev.sweeprunner.testkit;

import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT;
import static jcuda.driver.CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
import static jcuda.driver.CUresult.*;
import static jcuda.driver.JCudaDriver.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.CUuuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FakeCudaTests {
  private static final String POINTER = ".param .u64 .ptr .align 1 p";
  private static final String INT = ".param .u32 p";
  private static FakeCuda fake;

  private final List<Runnable> cleaning = new ArrayList<>();

  @BeforeAll
  static void load() throws IOException {
    fake = FakeCuda.load();
    setExceptionsEnabled(false);
  }

  @AfterEach
  void close() {
    cleaning.forEach(Runnable::run);
  }

  @Test
  void an_addition_runs_block_by_block() throws IOException {
    open();
    int n = 1000;
    var a = device(iota(n));
    var b = device(iota(n));
    var c = device(new float[n]);

    launch(add(), 8, 128, 0, null, Pointer.to(a), Pointer.to(b), Pointer.to(c), number(n));

    assertThat(host(c, n)[999]).isEqualTo(1998f);
    assertThat(host(c, n)[127]).isEqualTo(254f);
    assertThat(fake.launches())
        .containsExactly("launch sample_add grid=8,1,1 block=128 shared=0 stream=0 graph=0");
    assertThat(fake.violations()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"forward", "reverse", "random:1", "random:2", "random:3"})
  void a_warp_exchanges_its_numbers_in_any_order(String schedule) throws IOException {
    open("schedule", schedule);
    var x = device(iota(128));
    var sums = device(new float[4]);

    launch(kernel("sample_warp_sum", POINTER, POINTER), 2, 64, 0, null, x, sums);

    assertThat(host(sums, 4)).containsExactly(496f, 1520f, 2544f, 3568f);
    assertThat(fake.violations()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"forward", "reverse", "random:1", "random:2"})
  void a_tensor_core_multiplies_what_was_copied_and_loaded(String schedule) throws IOException {
    open("schedule", schedule);
    var random = new Random(7);
    var a = bfloats(random, 16 * 16);
    var b = bfloats(random, 16 * 8);
    var d = device(new float[16 * 8]);

    var kernel = kernel("sample_mma", POINTER, POINTER, POINTER);
    launch(kernel, 1, 32, 768, null, device(a), device(b), d);

    var expected = new float[16 * 8];
    for (int i = 0; i < 16; i++) {
      for (int j = 0; j < 8; j++) {
        double sum = 0;
        for (int k = 0; k < 16; k++) {
          sum += (double) widened(a[16 * i + k]) * widened(b[8 * k + j]);
        }
        expected[8 * i + j] = (float) sum;
      }
    }
    assertThat(host(d, 128)).containsExactly(expected);
    assertThat(fake.violations()).isEmpty();
  }

  @Test
  void a_lane_gets_its_pair_of_each_matrix() throws IOException {
    open();
    var rows = new short[4 * 8 * 8];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (short) i;
    }
    var out = device(new float[256]);

    launch(kernel("sample_load_matrix", POINTER, POINTER), 1, 32, 512, null, device(rows), out);

    var got = new int[256];
    ok(cuMemcpyDtoH(Pointer.to(got), out, 1024));
    for (int lane = 0; lane < 32; lane++) {
      int g = lane / 4;
      int t = lane % 4;
      for (int i = 0; i < 4; i++) {
        int straight = 64 * i + 8 * g + 2 * t;
        int turned = 64 * i + 8 * 2 * t + g;
        assertThat(got[4 * lane + i]).isEqualTo(straight | (straight + 1) << 16);
        assertThat(got[128 + 4 * lane + i]).isEqualTo(turned | (turned + 8) << 16);
      }
    }
  }

  @Test
  void a_missing_barrier_shows_in_any_order_of_the_threads() throws IOException {
    for (var schedule : List.of("forward", "reverse", "random:5")) {
      open("schedule", schedule);
      var kernel = kernel("sample_turn", POINTER, POINTER, INT);
      var x = device(iota(64));
      var y = device(new float[64]);

      launch(kernel, 1, 64, 256, null, x, y, number(0));
      assertThat(host(y, 64)[0]).isEqualTo(63f);
      assertThat(host(y, 64)[63]).isEqualTo(0f);

      launch(kernel, 1, 64, 256, null, x, y, number(1));
      assertThat(host(y, 64)).contains(Float.NaN);
      assertThat(fake.violations()).isEmpty();
      close();
      cleaning.clear();
    }
  }

  @Test
  void a_copy_without_a_wait_has_not_happened() throws IOException {
    open();
    var kernel = kernel("sample_copy", POINTER, POINTER, INT, INT);
    var x = device(iota(128));
    var y = device(new float[128]);

    launch(kernel, 1, 32, 512, null, x, y, number(0), number(1));
    assertThat(host(y, 128)).containsExactly(iota(128));
    launch(kernel, 1, 32, 512, null, x, y, number(0), number(0));
    assertThat(host(y, 128)).containsOnly(0f);
    launch(kernel, 1, 32, 512, null, x, y, number(1), number(1));
    assertThat(host(y, 128)).containsOnly(Float.NaN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 | 719 | block 0,0,0 barrier divergence: 1 warps wait at a barrier, 1 have ended
          1 | 719 | divergence: it is at barrier, other lanes of its warp at its end
          2 | 719 | divergence: it is at barrier, other lanes of its warp at shuffle
          3 | 719 | load_matrix: the row is not aligned to 16 bytes
          4 | 719 | load_matrix: the row is outside of the shared memory
          5 | 700 | copy_async_16: the source is outside of the device's allocations
          6 | 700 | written just after the allocation of 400 bytes
          7 | 719 | has written past its shared memory
          """)
  void a_kernel_that_goes_wrong_ends_the_context(int how, int code, String reason)
      throws IOException {
    open();
    var x = device(new float[100]);

    launch(
        kernel("sample_wrong", POINTER, INT, INT), 1, 64, 400, null, x, number(100), number(how));

    assertThat(cuCtxSynchronize()).isEqualTo(code);
    assertThat(cuCtxSynchronize()).isEqualTo(code);
    assertThat(cuMemAlloc(new CUdeviceptr(), 4)).isEqualTo(code);
    assertThat(fake.violations()).singleElement().asString().contains("sample_wrong", reason);
  }

  @Test
  void structures_and_doubles_are_parameters_too() throws IOException {
    open();
    var to = new Addressed();
    ok(cuMemAlloc(to, 8));
    var shape = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
    shape.putLong(to.address()).putInt(2).rewind();

    var kernel = kernel("sample_shape", ".param .align 8 .b8 p[16]", ".param .f64 p");
    ok(
        cuLaunchKernel(
            kernel,
            1,
            3,
            2,
            32,
            1,
            1,
            0,
            null,
            Pointer.to(Pointer.to(shape), Pointer.to(new double[] {10})),
            null));

    assertThat(host(to, 2)).containsExactly(21f, 21f);
  }

  @Test
  void a_launch_that_no_device_would_take_is_refused() throws IOException {
    open();
    var x = Pointer.to(device(new float[4]));
    var stray = Pointer.to(new long[] {4096});

    var add = add();
    assertThat(start(add, 0, 128, 0, x, x, x, number(1))).isEqualTo(CUDA_ERROR_INVALID_VALUE);
    assertThat(start(add, 1, 64, 0, x, x, x, number(1))).isEqualTo(CUDA_ERROR_INVALID_VALUE);
    assertThat(start(add, 1, 256, 0, x, x, x, number(1))).isEqualTo(CUDA_ERROR_INVALID_VALUE);
    assertThat(start(add, 1, 128, 49153, x, x, x, number(1))).isEqualTo(CUDA_ERROR_INVALID_VALUE);
    assertThat(start(add, 1, 128, 0, x, stray, x, number(1))).isEqualTo(CUDA_ERROR_INVALID_VALUE);
    var other = kernel("sample_add", POINTER, POINTER, INT, INT);
    assertThat(start(other, 1, 128, 0, x, x, x, x)).isEqualTo(CUDA_ERROR_INVALID_VALUE);

    assertThat(fake.violations())
        .containsExactly(
            "launch sample_add: the grid has 0 in x",
            "launch sample_add: 64 threads, written for 128",
            "launch sample_add: 256 threads, at most 128",
            "launch sample_add: 49153 bytes of shared memory, allowed are 49152",
            "launch sample_add: parameter 1 points outside of the device's allocations",
            "launch sample_add: parameter 2 has 4 bytes in the PTX, 8 in C++");
    assertThat(cuCtxSynchronize()).isEqualTo(CUDA_SUCCESS);
  }

  @Test
  void more_shared_memory_is_to_be_asked_for() throws IOException {
    open("smem_optin", "101376");
    var add = add();
    int attribute = CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
    var x = Pointer.to(device(new float[4]));

    assertThat(cuFuncSetAttribute(add, attribute, 101377)).isEqualTo(CUDA_ERROR_INVALID_VALUE);
    ok(cuFuncSetAttribute(add, attribute, 101376));
    assertThat(start(add, 1, 128, 101376, x, x, x, number(1))).isEqualTo(CUDA_SUCCESS);
    ok(cuCtxSynchronize());
  }

  @Test
  void an_asynchronous_copy_reads_its_source_as_late_as_it_can() throws IOException {
    open();
    var stream = stream();
    var x = device(new float[4]);
    var pinned = pinned(4);

    floats(pinned, 4).put(0, 1f);
    ok(cuMemcpyHtoDAsync(x, pinned, 16, stream));
    floats(pinned, 4).put(0, 2f);
    assertThat(host(x, 4)[0]).as("a blocking copy waits for no other stream").isZero();
    ok(cuStreamSynchronize(stream));
    assertThat(host(x, 4)[0]).isEqualTo(2f);

    ok(cuMemsetD32Async(x, Float.floatToIntBits(3f), 4, stream));
    ok(cuMemcpyDtoHAsync(pinned, x, 16, stream));
    assertThat(floats(pinned, 4).get(0)).isEqualTo(2f);
    ok(cuStreamSynchronize(stream));
    assertThat(floats(pinned, 4).get(0)).isEqualTo(3f);
    assertThat(fake.violations()).isEmpty();
  }

  @Test
  void an_asynchronous_copy_of_ordinary_memory_is_reported() throws IOException {
    open();
    var x = device(new float[4]);
    var ordinary = Pointer.to(ByteBuffer.allocateDirect(16));

    assertThat(cuMemcpyHtoDAsync(x, ordinary, 16, stream())).isEqualTo(CUDA_ERROR_INVALID_VALUE);
    assertThat(fake.violations())
        .containsExactly("h2d: an asynchronous copy of host memory that is not pinned");
  }

  @Test
  void pinned_memory_is_not_freed_under_a_copy() throws IOException {
    open();
    var x = device(new float[4]);
    var pinned = new Pointer();
    ok(cuMemHostAlloc(pinned, 16, 0));

    ok(cuMemcpyHtoDAsync(x, pinned, 16, stream()));
    ok(cuMemFreeHost(pinned));

    assertThat(fake.violations())
        .containsExactly("cuMemFreeHost while a copy of it is still to be done");
  }

  @Test
  void a_stream_waits_for_an_event_of_another() throws IOException {
    open();
    var first = stream();
    var second = stream();
    var event = event();
    var x = device(new float[4]);
    var y = device(new float[4]);

    ok(cuMemsetD32Async(x, Float.floatToIntBits(5f), 4, first));
    ok(cuMemcpyDtoDAsync(y, x, 16, second));
    ok(cuStreamSynchronize(second));
    assertThat(host(y, 4)).as("nothing says that the second waits").containsOnly(0f);

    ok(cuEventRecord(event, first));
    ok(cuStreamWaitEvent(second, event, 0));
    ok(cuMemcpyDtoDAsync(y, x, 16, second));
    assertThat(cuEventQuery(event)).isEqualTo(CUDA_ERROR_NOT_READY);
    ok(cuStreamSynchronize(second));
    assertThat(host(y, 4)).containsOnly(5f);
    assertThat(cuEventQuery(event)).isEqualTo(CUDA_SUCCESS);
  }

  @Test
  void who_polls_an_event_gets_there_and_time_passes_between_two() throws IOException {
    open();
    var stream = stream();
    var begin = event();
    var end = event();
    var x = device(new float[4]);

    ok(cuEventRecord(begin, stream));
    ok(cuMemsetD32Async(x, 0, 4, stream));
    ok(cuEventRecord(end, stream));
    var ms = new float[1];
    assertThat(cuEventElapsedTime(ms, begin, end)).isEqualTo(CUDA_ERROR_NOT_READY);
    int polls = 1;
    while (cuEventQuery(end) == CUDA_ERROR_NOT_READY) {
      polls++;
    }
    assertThat(polls).isEqualTo(13);
    ok(cuEventElapsedTime(ms, begin, end));
    assertThat(ms[0]).isPositive().isLessThan(10_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"forward", "reverse", "random:1"})
  void a_graph_repeats_what_was_captured_in_two_streams(String schedule) throws IOException {
    open("schedule", schedule);
    var first = stream();
    var second = stream();
    var fork = event();
    var join = event();
    var one = device(new float[] {1, 1, 1, 1});
    var sum = device(new float[4]);
    var add = add();

    ok(cuStreamBeginCapture(first, 0));
    launch(add, 1, 128, 0, first, sum, one, sum, number(4));
    ok(cuEventRecord(fork, first));
    ok(cuStreamWaitEvent(second, fork, 0));
    launch(add, 1, 128, 0, second, sum, one, sum, number(2));
    ok(cuEventRecord(join, second));
    ok(cuStreamWaitEvent(first, join, 0));
    launch(add, 1, 128, 0, first, sum, sum, sum, number(4));
    var graph = new CUgraph();
    ok(cuStreamEndCapture(first, graph));
    var executable = new CUgraphExec();
    ok(cuGraphInstantiate(executable, graph, 0));
    ok(cuGraphDestroy(graph));
    ok(cuCtxSynchronize());
    assertThat(host(sum, 4)).containsOnly(0f);

    ok(cuGraphLaunch(executable, first));
    ok(cuGraphLaunch(executable, first));
    ok(cuStreamSynchronize(first));
    assertThat(host(sum, 4)).containsExactly(12f, 12f, 6f, 6f);
    ok(cuGraphExecDestroy(executable));
    assertThat(fake.launches()).hasSize(3).allMatch(line -> line.endsWith("graph=1"));
    assertThat(fake.log()).filteredOn(line -> line.startsWith("graph-launch nodes=3 ")).hasSize(2);
    assertThat(fake.violations()).isEmpty();
  }

  @Test
  void what_cannot_be_captured_spoils_the_capture() throws IOException {
    open();
    var stream = stream();
    var x = device(new float[4]);

    ok(cuStreamBeginCapture(stream, 0));
    assertThat(cuMemAlloc(new CUdeviceptr(), 4)).isEqualTo(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
    assertThat(cuStreamSynchronize(stream)).isEqualTo(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
    assertThat(cuMemcpyDtoH(Pointer.to(new float[4]), x, 16))
        .isEqualTo(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
    assertThat(cuStreamEndCapture(stream, new CUgraph()))
        .isEqualTo(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
    assertThat(cuStreamSynchronize(stream)).isEqualTo(CUDA_SUCCESS);
    assertThat(fake.violations()).hasSize(3);
  }

  @Test
  void a_forked_stream_that_is_not_joined_spoils_it_too() throws IOException {
    open();
    var first = stream();
    var second = stream();
    var fork = event();
    var x = device(new float[4]);

    ok(cuStreamBeginCapture(first, 0));
    ok(cuEventRecord(fork, first));
    ok(cuStreamWaitEvent(second, fork, 0));
    ok(cuMemsetD32Async(x, 0, 4, second));
    assertThat(cuStreamEndCapture(first, new CUgraph()))
        .isEqualTo(CUDA_ERROR_STREAM_CAPTURE_UNJOINED);
  }

  @Test
  void memory_ends_where_the_settings_say() throws IOException {
    open("memory_mib", "100", "used_mib", "60");
    var free = new long[1];
    var total = new long[1];

    ok(cuMemGetInfo(free, total));
    assertThat(total[0]).isEqualTo(100L << 20);
    assertThat(free[0]).isEqualTo(40L << 20);
    assertThat(cuMemAlloc(new CUdeviceptr(), 41L << 20)).isEqualTo(CUDA_ERROR_OUT_OF_MEMORY);
    var some = new CUdeviceptr();
    ok(cuMemAlloc(some, 30L << 20));
    ok(cuMemGetInfo(free, total));
    assertThat(free[0]).isEqualTo(10L << 20);
    ok(cuMemFree(some));
    ok(cuMemAlloc(some, 40L << 20));
    ok(cuMemFree(some));
    assertThat(cuMemFree(some)).isEqualTo(CUDA_ERROR_INVALID_VALUE);
  }

  @Test
  void any_launch_or_allocation_can_be_made_to_fail() throws IOException {
    open("fail_at", "launch:2=700,alloc:3=2");
    var x = device(new float[] {1});
    device(new float[1]);
    assertThat(cuMemAlloc(new CUdeviceptr(), 4)).isEqualTo(CUDA_ERROR_OUT_OF_MEMORY);

    launch(add(), 1, 128, 0, null, x, x, x, number(1));
    ok(cuCtxSynchronize());
    launch(add(), 1, 128, 0, null, x, x, x, number(1));
    assertThat(cuCtxSynchronize()).isEqualTo(CUDA_ERROR_ILLEGAL_ADDRESS);
    assertThat(cuMemcpyDtoH(Pointer.to(new float[1]), x, 4)).isEqualTo(CUDA_ERROR_ILLEGAL_ADDRESS);
    assertThat(fake.violations()).isEmpty();

    close();
    cleaning.clear();
    open();
    assertThat(host(device(new float[] {2}), 1)).containsExactly(2f);
  }

  @Test
  void launches_can_be_counted_without_being_run() throws IOException {
    open("execute", "0");
    var x = device(new float[] {1});

    launch(add(), 1, 128, 0, null, x, x, x, number(1));

    assertThat(host(x, 1)).containsExactly(1f);
    assertThat(fake.launches()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "8.0, sm_80, 9.0, 12000, 0",
    "8.1, sm_80, 9.0, 12000, 222",
    "7.8, sm_80, 8.0, 11080, 0",
    "7.8, sm_90, 8.0, 12060, 218",
    "8.0, sm_90a, 9.0, 12060, 0",
    "8.0, sm_90a, 10.0, 12060, 218",
  })
  void ptx_is_refused_where_the_driver_or_the_device_is_older(
      String version, String target, String capability, String driver, int code)
      throws IOException {
    open("cc", capability, "driver", driver);
    var ptx = ".version " + version + "\n.target " + target + "\n.address_size 64\n";

    assertThat(cuModuleLoadData(new CUmodule(), bytes(ptx))).isEqualTo(code);
  }

  @Test
  void a_module_has_the_kernels_of_its_text_alone() throws IOException {
    open();
    var module = new CUmodule();
    ok(cuModuleLoadData(module, bytes(ptx("sample_turn", POINTER, POINTER, INT))));

    ok(cuModuleGetFunction(new CUfunction(), module, "sample_turn"));
    assertThat(cuModuleGetFunction(new CUfunction(), module, "sample_add"))
        .isEqualTo(CUDA_ERROR_NOT_FOUND);
    assertThat(cuModuleLoadData(new CUmodule(), bytes("ELF"))).isEqualTo(CUDA_ERROR_INVALID_IMAGE);
    assertThat(new String[] {name(500), name(719)})
        .containsExactly("CUDA_ERROR_NOT_FOUND", "CUDA_ERROR_LAUNCH_FAILED");
  }

  @Test
  void the_devices_are_those_of_the_settings() throws IOException {
    fake.configure(Map.of("devices", "2", "name", "Fake L4", "sms", "58", "init", "0"));
    ok(cuInit(0));
    var count = new int[1];
    ok(cuDeviceGetCount(count));
    assertThat(count).containsExactly(2);
    var second = new CUdevice();
    ok(cuDeviceGet(second, 1));
    assertThat(cuDeviceGet(new CUdevice(), 2)).isEqualTo(CUDA_ERROR_INVALID_DEVICE);
    var name = new byte[64];
    ok(cuDeviceGetName(name, name.length, second));
    assertThat(new String(name, StandardCharsets.US_ASCII).trim()).isEqualTo("Fake L4 1");
    var uuid = new CUuuid();
    ok(cuDeviceGetUuid(uuid, second));
    assertThat(uuid.bytes).startsWith('f', 'a', 'k', 'e').endsWith(1);
    var value = new int[1];
    ok(cuDeviceGetAttribute(value, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, second));
    assertThat(value).containsExactly(58);
    ok(cuDeviceGetAttribute(value, CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN, second));
    assertThat(value).containsExactly(232448);

    fake.configure(Map.of("init", "803"));
    assertThat(cuInit(0)).isEqualTo(803);
    fake.configure(Map.of("devices", "0"));
    ok(cuInit(0));
    ok(cuDeviceGetCount(count));
    assertThat(count).containsExactly(0);
  }

  @ParameterizedTest
  @CsvSource({"'2,0', 2 2 0", "'', 0", "'1,7,0', 1 1", "-1, 0"})
  void a_child_process_sees_the_devices_that_its_environment_names(
      String visible, String expected, @TempDir Path folder) throws Exception {
    var own = FakeCuda.in(folder);
    own.configure(Map.of("devices", "3"));
    var words = new ArrayList<String>();
    words.addAll(
        List.of("env", "LD_LIBRARY_PATH=" + own.folder(), "CUDA_VISIBLE_DEVICES=" + visible));
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), Devices.class.getName()));

    try (var child = ChildJvm.of(words)) {
      assertThat(child.line()).isEqualTo(expected);
      assertThat(child.exitCode()).isZero();
    }
  }

  /** Device memory that tells its address. */
  private static final class Addressed extends CUdeviceptr {
    long address() {
      return getNativePointer();
    }
  }

  /** Prints the number of devices, and the physical number of each. */
  static final class Devices {
    private Devices() {}

    public static void main(String[] arguments) {
      ok(cuInit(0));
      var count = new int[1];
      ok(cuDeviceGetCount(count));
      var line = new StringBuilder().append(count[0]);
      for (int i = 0; i < count[0]; i++) {
        var device = new CUdevice();
        ok(cuDeviceGet(device, i));
        var uuid = new CUuuid();
        ok(cuDeviceGetUuid(uuid, device));
        line.append(' ').append(uuid.bytes[15]);
      }
      System.out.println(line);
    }
  }

  // ---- the host's side -------------------------------------------------------------------------

  private void open(String... settings) throws IOException {
    var map = new LinkedHashMap<String, String>();
    for (int i = 0; i < settings.length; i += 2) {
      map.put(settings[i], settings[i + 1]);
    }
    fake.configure(map);
    ok(cuInit(0));
    var device = new CUdevice();
    ok(cuDeviceGet(device, 0));
    var context = new CUcontext();
    ok(cuDevicePrimaryCtxRetain(context, device));
    cleaning.add(() -> ok(cuDevicePrimaryCtxRelease(device)));
    ok(cuCtxSetCurrent(context));
  }

  private static void ok(int code) {
    assertThat(code).as(name(code)).isEqualTo(CUDA_SUCCESS);
  }

  private static String name(int code) {
    var name = new String[1];
    cuGetErrorName(code, name);
    return String.valueOf(name[0]);
  }

  private static CUfunction add() {
    return kernel("sample_add", POINTER, POINTER, POINTER, INT);
  }

  private static CUfunction kernel(String name, String... parameters) {
    var module = new CUmodule();
    ok(cuModuleLoadData(module, bytes(ptx(name, parameters))));
    var function = new CUfunction();
    ok(cuModuleGetFunction(function, module, name));
    return function;
  }

  /** What nvcc writes, but for the body. */
  private static String ptx(String name, String... parameters) {
    int threads =
        Map.of("sample_add", 128, "sample_warp_sum", 64, "sample_turn", 64)
            .getOrDefault(name, name.equals("sample_wrong") ? 64 : 32);
    return """
    //
    // Generated by a test: .entry nothing (
    //
    .version 8.0
    .target sm_80
    .address_size 64

    .visible .entry %s(
    \t%s
    )
    .maxntid %d, 1, 1
    {
    \tret;
    }
    """
        .formatted(name, String.join(",\n\t", parameters), threads);
  }

  private static byte[] bytes(String text) {
    return (text + "\0").getBytes(StandardCharsets.US_ASCII);
  }

  private static int start(CUfunction function, int grid, int block, int shared, Pointer... all) {
    return cuLaunchKernel(function, grid, 1, 1, block, 1, 1, shared, null, Pointer.to(all), null);
  }

  private static void launch(
      CUfunction function, int grid, int block, int shared, CUstream stream, Pointer... all) {
    var parameters = new Pointer[all.length];
    for (int i = 0; i < all.length; i++) {
      parameters[i] = all[i] instanceof CUdeviceptr ? Pointer.to(all[i]) : all[i];
    }
    ok(
        cuLaunchKernel(
            function, grid, 1, 1, block, 1, 1, shared, stream, Pointer.to(parameters), null));
  }

  private static Pointer number(int n) {
    return Pointer.to(new int[] {n});
  }

  private static CUdeviceptr device(float[] numbers) {
    var pointer = new CUdeviceptr();
    ok(cuMemAlloc(pointer, 4L * numbers.length));
    ok(cuMemcpyHtoD(pointer, Pointer.to(numbers), 4L * numbers.length));
    return pointer;
  }

  private static CUdeviceptr device(short[] numbers) {
    var pointer = new CUdeviceptr();
    ok(cuMemAlloc(pointer, 2L * numbers.length));
    ok(cuMemcpyHtoD(pointer, Pointer.to(numbers), 2L * numbers.length));
    return pointer;
  }

  private static float[] host(CUdeviceptr pointer, int n) {
    var numbers = new float[n];
    ok(cuMemcpyDtoH(Pointer.to(numbers), pointer, 4L * n));
    return numbers;
  }

  private Pointer pinned(int n) {
    var pointer = new Pointer();
    ok(cuMemHostAlloc(pointer, 4L * n, 0));
    cleaning.add(0, () -> ok(cuMemFreeHost(pointer)));
    return pointer;
  }

  private static FloatBuffer floats(Pointer pointer, int n) {
    return pointer.getByteBuffer(0, 4L * n).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  private static CUstream stream() {
    var stream = new CUstream();
    ok(cuStreamCreate(stream, 1));
    return stream;
  }

  private static CUevent event() {
    var event = new CUevent();
    ok(cuEventCreate(event, 0));
    return event;
  }

  private static float[] iota(int n) {
    var numbers = new float[n];
    for (int i = 0; i < n; i++) {
      numbers[i] = i;
    }
    return numbers;
  }

  private static short[] bfloats(Random random, int n) {
    var numbers = new short[n];
    for (int i = 0; i < n; i++) {
      numbers[i] = (short) (Float.floatToIntBits((float) random.nextGaussian()) >>> 16);
    }
    return numbers;
  }

  private static float widened(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
