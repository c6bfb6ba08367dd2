package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Buffer.Tokens;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How much scratch memory the operations on certain buffers need at most. */
final class ScratchPlan {
  private final DataType products;
  private final Map<Shape, Integer> features = new HashMap<>();
  private final List<Matrix> matrices = new ArrayList<>();
  private final List<Tokens.Ranges> ranges = new ArrayList<>();

  ScratchPlan(DataType products) {
    this.products = products;
  }

  void matrix(int rows, int columns) {
    matrices.add(new Matrix(rows, columns));
  }

  void activation(int rows, int length, int width) {
    features.merge(new Shape(rows, length), width, Math::max);
  }

  void tokens(Tokens.Ranges some) {
    ranges.add(some);
  }

  /** What the most demanding operation on the buffers so far needs. */
  long bytes() {
    long most = 0;
    for (Map.Entry<Shape, Integer> entry : features.entrySet()) {
      most = Math.max(most, bytes(entry.getKey(), entry.getValue()));
    }
    return most;
  }

  private long bytes(Shape shape, int width) {
    Quanta quanta = Quanta.of(shape.rows, shape.length);
    long most = Math.max(NormOps.scratch(quanta, width), LinearOps.biasScratch(quanta, width));
    for (Matrix matrix : matrices) {
      most = Math.max(most, LinearOps.weightScratch(quanta, matrix.rows, matrix.columns));
    }
    for (Tokens.Ranges range : ranges) {
      most =
          Math.max(most, EmbeddingOps.scratch(quanta, shape.length, width, range.compartments()));
      for (Matrix matrix : matrices) {
        if (matrix.rows == range.targets()) {
          most = Math.max(most, head(quanta, matrix));
        }
      }
    }
    return most;
  }

  private long head(Quanta quanta, Matrix matrix) {
    return products == DataType.BFLOAT16
        ? FusedHead.scratch(quanta, matrix.rows, matrix.columns)
        : ChunkedHead.scratch(quanta, matrix.rows, matrix.columns);
  }

  private record Shape(int rows, int length) {}

  private record Matrix(int rows, int columns) {}
}
