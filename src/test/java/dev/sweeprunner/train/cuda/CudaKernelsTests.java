package dev.sweeprunner.train.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.sweeprunner.testkit.FakeCuda;
import dev.sweeprunner.train.kernels.AdamW;
import dev.sweeprunner.train.kernels.BackEnd.Wish;
import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Floats;
import dev.sweeprunner.train.kernels.Buffer.Precision;
import dev.sweeprunner.train.kernels.DeviceFailure;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.model.Gpt;
import dev.sweeprunner.train.model.ModelShape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory, queues, programs and failures; the arithmetic is tested with the model. */
class CudaKernelsTests {
  private FakeCuda fake;
  private FakeGpu gpu;

  @BeforeEach
  void load() throws IOException {
    fake = FakeCuda.load();
    gpu = new FakeGpu(fake);
  }

  @AfterEach
  void release() {
    gpu.release();
  }

  @Test
  void numbers_come_back_as_they_were_over_several_pieces() throws Exception {
    float[] many = new float[(2 << 20) * 2 + 12345];
    for (int i = 0; i < many.length; i++) {
      many[i] = i;
    }
    try (Kernels kernels = gpu.open(Map.of())) {
      Floats floats = kernels.floats(many.length);
      Floats untouched = kernels.floats(3);
      kernels.allocate();

      kernels.upload(many, floats);
      float[] back = kernels.download(floats);
      kernels.zero(floats);

      assertThat(back).isEqualTo(many);
      assertThat(kernels.download(floats)).containsOnly(0f);
      assertThat(kernels.download(untouched)).containsOnly(0f);
    }
    gpu.assertNothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void rows_of_an_activation_come_back_in_either_precision(int rows) throws Exception {
    try (Kernels kernels = gpu.open(Map.of())) {
      for (Precision precision : Precision.values()) {
        Activation activation = kernels.activation(3, 2, 3, precision);
        kernels.allocate();
        float[] values = new float[rows * 2 * 3];
        for (int i = 0; i < values.length; i++) {
          values[i] = i - 2;
        }

        kernels.upload(values, rows, activation);

        assertThat(kernels.download(rows, activation)).isEqualTo(values);
        kernels.zero(activation);
        assertThat(kernels.download(3, activation)).hasSize(18).containsOnly(0f);
      }
    }
    gpu.assertNothingIsLeft();
  }

  @Test
  void all_that_was_asked_for_is_one_allocation_and_goes_with_its_buffers() throws Exception {
    try (Kernels kernels = gpu.open(Map.of())) {
      Floats first = kernels.floats(1);
      Floats second = kernels.floats(65);
      kernels.allocate();
      kernels.allocate();

      assertThat(kernels.memory()).isEqualTo(256 + 512);
      assertThat(fake.log()).filteredOn(line -> line.startsWith("alloc")).hasSize(1);
      assertThat(((DeviceFloats) second).address() - ((DeviceFloats) first).address())
          .isEqualTo(256);

      first.close();
      assertThat(kernels.memory()).isPositive();
      second.close();
      assertThat(kernels.memory()).isZero();
    }
    gpu.assertNothingIsLeft();
  }

  @Test
  void a_buffer_has_no_memory_before_it_is_allocated() throws Exception {
    try (Kernels kernels = gpu.open(Map.of())) {
      Floats floats = kernels.floats(1);

      assertThatThrownBy(() -> kernels.download(floats))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("allocate()");
    }
  }

  @Test
  void two_batches_may_wait_and_a_third_is_refused() throws Exception {
    try (Kernels kernels = gpu.open(Map.of())) {
      var model = new SmallModel(kernels);
      Runnable lookups = model.lookups();
      model.put(0);
      model.put(1);

      assertThatThrownBy(() -> model.put(2)).isInstanceOf(IllegalStateException.class);

      for (int batch = 0; batch < 7; batch++) {
        kernels.next(model.tokens);
        model.put(batch + 2);
        lookups.run();
        assertThat(model.row(9)).isEqualTo(SmallModel.tableRow((batch + 9) % 7));
      }
      kernels.next(model.tokens);
      kernels.next(model.tokens);
      assertThatThrownBy(() -> kernels.next(model.tokens))
          .isInstanceOf(IllegalStateException.class);
    }
    gpu.assertNothingIsLeft();
  }

  @Test
  void batches_that_are_put_far_ahead_of_the_gpu_stay_apart() throws Exception {
    try (Kernels kernels = gpu.open(Map.of())) {
      var model = new SmallModel(kernels);
      Runnable pass = model.pass();
      double sum = 0;
      for (int batch = 0; batch < 5; batch++) {
        model.put(batch);
        kernels.next(model.tokens);
        pass.run();
        sum += kernels.take(model.loss);
      }
      float[] gradients = kernels.download(model.weight.gradient());
      kernels.zero(model.weight.gradient());

      for (int batch = 0; batch < 5; batch++) {
        model.put(batch);
        kernels.next(model.tokens);
        pass.run();
      }

      assertThat(kernels.take(model.loss)).isEqualTo(sum, within(1e-9));
      assertThat(kernels.take(model.loss)).isZero();
      assertThat(kernels.download(model.weight.gradient())).isEqualTo(gradients);
    }
    gpu.assertNothingIsLeft();
  }

  @Test
  void a_program_is_made_recorded_and_then_only_launched() throws Exception {
    try (Kernels kernels = gpu.open(Map.of())) {
      var model = new SmallModel(kernels);
      Runnable pass = model.pass();
      double[] losses = new double[4];
      for (int time = 0; time < 4; time++) {
        model.put(0);
        kernels.next(model.tokens);
        pass.run();
        model.update(1);
        losses[time] = kernels.take(model.loss);
      }

      assertThat(losses)
          .isSortedAccordingTo((a, b) -> Double.compare(b, a))
          .doesNotHaveDuplicates();
      assertThat(fake.log()).filteredOn(line -> line.startsWith("capture ")).hasSize(2);
      assertThat(fake.log()).filteredOn(line -> line.startsWith("graph-launch")).hasSize(6);
      assertThat(fake.launches()).filteredOn(line -> line.contains(" adamw ")).hasSize(2);
    }
    gpu.assertNothingIsLeft();
  }

  @Test
  void a_program_that_cannot_be_recorded_is_made_each_time() throws Exception {
    try (Kernels kernels = gpu.open(Map.of())) {
      var model = new SmallModel(kernels);
      Runnable lookups =
          kernels.program(
              () -> {
                kernels.zero(model.table.gradient());
                // Waits, which no driver records.
                kernels.take(model.loss);
              });
      for (int time = 0; time < 3; time++) {
        kernels.upload(new float[model.table.gradient().length()], model.table.gradient());
        lookups.run();
        assertThat(kernels.download(model.table.gradient())).containsOnly(0f);
      }

      assertThat(fake.log()).filteredOn(line -> line.startsWith("capture ")).hasSize(1);
      assertThat(fake.log()).noneMatch(line -> line.startsWith("graph-launch"));
    }
  }

  @Test
  void every_step_has_its_own_factors() throws Exception {
    float[] together;
    float[] apart;
    try (Kernels kernels = gpu.open(Map.of())) {
      together = stepped(kernels, false);
      apart = stepped(kernels, true);
    }

    assertThat(together).isEqualTo(apart);
    gpu.assertNothingIsLeft();
  }

  @Test
  void a_device_that_fails_while_it_trains_is_broken() throws Exception {
    Kernels kernels = gpu.open(Map.of("fail_at", "launch:4=700"));
    var model = new SmallModel(kernels);

    DeviceFailure failure =
        catchThrowableOfType(
            DeviceFailure.class,
            () -> {
              model.put(0);
              kernels.next(model.tokens);
              model.pass().run();
              kernels.take(model.loss);
            });

    assertThat(failure.kind()).isEqualTo(DeviceFailure.Kind.BROKEN);
    assertThat(failure)
        .hasMessageMatching(
            "cu\\w+( of \\w+)? failed: CUDA_ERROR_ILLEGAL_ADDRESS \\(700\\): an illegal memory"
                + " access was encountered; the GPU's context is lost\\.");
    kernels.close();
    kernels.close();
  }

  @Test
  void another_thread_may_go_on() throws Exception {
    try (Kernels kernels = gpu.open(Map.of())) {
      var model = new SmallModel(kernels);
      var row = new AtomicReference<float[]>();
      var thread =
          new Thread(
              () -> {
                model.put(3);
                kernels.next(model.tokens);
                model.lookups().run();
                row.set(model.row(0));
              });
      thread.start();
      thread.join();

      assertThat(row.get()).isEqualTo(SmallModel.tableRow(3));
      assertThat(model.row(1)).isEqualTo(SmallModel.tableRow(4));
    }
    gpu.assertNothingIsLeft();
  }

  @Test
  void a_second_model_on_the_same_kernels_does_not_disturb_the_first() throws Exception {
    try (Kernels kernels = gpu.open(Map.of())) {
      var first = new SmallModel(kernels);
      Runnable pass = first.pass();
      double[] losses = new double[4];
      for (int time = 0; time < 4; time++) {
        first.put(0);
        kernels.next(first.tokens);
        pass.run();
        losses[time] = kernels.take(first.loss);
        var other = new SmallModel(kernels);
        other.put(time);
        kernels.next(other.tokens);
        other.pass().run();
      }

      assertThat(losses).containsOnly(losses[0]);
    }
    gpu.assertNothingIsLeft();
  }

  @Test
  void another_thread_may_close() throws Exception {
    Kernels kernels = gpu.open(Map.of());
    new SmallModel(kernels);
    var thread = new Thread(kernels::close);
    thread.start();
    thread.join();

    gpu.assertNothingIsLeft();
    assertThatThrownBy(() -> kernels.take(kernels.total()))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @CsvSource({"true, 16", "false, 4"})
  void the_size_of_the_slices_changes_no_bit(boolean bfloat16, int embd) throws Exception {
    var shape = new ModelShape(1, 2, embd, 8, 9, 4, 2, true, false, false, true, 10_000);
    CudaBackEnd backEnd = gpu.find(Map.of());

    List<float[]> small = gradients(backEnd.open(new Wish(bfloat16, embd, 8192)), shape);
    List<float[]> large = gradients(backEnd.open(new Wish(bfloat16, embd, 32768)), shape);

    assertThat(large).hasSameSizeAs(small);
    for (int i = 0; i < small.size(); i++) {
      assertThat(large.get(i)).isEqualTo(small.get(i));
    }
  }

  /** Moments and weights after an update on two quanta, the second short. */
  private static List<float[]> gradients(Kernels opened, ModelShape shape) {
    int rows = 1100;
    var random = new Random(64);
    int[] ids = random.ints(rows * 8L, 0, 9).toArray();
    int[] compartments = random.ints(rows * 8L, 0, 2).toArray();
    try (Kernels kernels = opened;
        Gpt model = new Gpt(kernels, shape, rows)) {
      model.initialise(64);
      int most = model.rowsAtOnce();
      for (int from = 0; from < rows; from += most) {
        int count = Math.min(most, rows - from);
        model.put(
            count, part(ids, from, count), part(ids, from, count), part(compartments, from, count));
        model.accumulate(count, 1e-3f);
      }
      model.update(new AdamW(0.9, 0.95, 0.1, 1), 1e-2, 1);
      var all = new ArrayList<float[]>();
      all.add(new float[] {(float) model.takeLoss()});
      model.optimizerState().forEach(tensor -> all.add(tensor.values()));
      model.weights().forEach(tensor -> all.add(tensor.values()));
      return all;
    }
  }

  private static int[] part(int[] values, int row, int rows) {
    return Arrays.copyOfRange(values, row * 8, (row + rows) * 8);
  }

  /** The weights after some steps that were launched one right after the other, or waited for. */
  private static float[] stepped(Kernels kernels, boolean waiting) {
    var model = new SmallModel(kernels);
    Runnable pass = model.pass();
    for (int step = 1; step <= 9; step++) {
      model.put(step);
      kernels.next(model.tokens);
      pass.run();
      model.update(step);
      if (waiting) {
        kernels.take(model.norm);
      }
    }
    return kernels.download(model.weight.value());
  }
}
