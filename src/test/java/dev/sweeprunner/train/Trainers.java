package dev.sweeprunner.train;

import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.train.checkpoint.TrainingState;
import dev.sweeprunner.train.cpu.CpuBackEnd;
import dev.sweeprunner.train.model.Tensor;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Trainers and whole runs for tests. */
final class Trainers {
  private Trainers() {}

  static LocalTraining trainer(int threads, List<String> notices) {
    return trainer(new CpuBackEnd(threads), notices);
  }

  /** A trainer whose clock goes on by a millisecond each time it is asked. */
  static LocalTraining trainer(CpuBackEnd cpu, List<String> notices) {
    Clock clock =
        new Clock() {
          private long nanos;

          @Override
          public Instant now() {
            return Instant.EPOCH;
          }

          @Override
          public long nanos() {
            nanos += 1_000_000;
            return nanos;
          }
        };
    return new LocalTraining(
        new Devices(cpu), clock, relative -> List.of(Path.of("/").resolve(relative)), notices::add);
  }

  static LocalTraining trainer() {
    return trainer(1, new ArrayList<>());
  }

  /** Trains to the end without a pause. */
  static Outcome finish(Training.Session session) {
    List<Row> rows = new ArrayList<>();
    Training.Pausing pausing =
        session.train(k -> false, Optional::empty, rows::add, completed -> {});
    if (pausing != Training.Pausing.COMPLETE) {
      throw new AssertionError("ended with " + pausing);
    }
    session.evaluateLast(rows::add);
    return new Outcome(rows, session.snapshot());
  }

  /** What a run gave. */
  record Outcome(List<Row> rows, Snapshot last) {
    /** The rows without their wall-clock part. */
    List<Row> reproducible() {
      return rows.stream().map(row -> new Row(row.step(), row.values(), Map.of())).toList();
    }
  }

  /** All bits of weights and moments, by name. */
  static Map<String, List<Integer>> bits(Snapshot snapshot) {
    TrainingState.Tensors tensors = ((TrainingState) snapshot).tensors();
    Map<String, List<Integer>> bits = new TreeMap<>();
    for (List<Tensor> list : List.of(tensors.weights(), tensors.optimizer())) {
      for (Tensor tensor : list) {
        int[] raw = new int[tensor.values().length];
        Arrays.setAll(raw, i -> Float.floatToRawIntBits(tensor.values()[i]));
        bits.put(tensor.name(), Arrays.stream(raw).boxed().toList());
      }
    }
    return bits;
  }
}
