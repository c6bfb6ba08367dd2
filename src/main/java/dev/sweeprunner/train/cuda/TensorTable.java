package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Trainable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * All parameters for the optimizer's kernels, which run once over everything: where each tensor's
 * numbers lie, and how the tensors are cut into pieces; one after the other in a buffer.
 */
final class TensorTable {
  private static final int PIECE = 4096;
  private static final int TENSOR_BYTES = 48;

  private final List<Trainable> parameters;
  private final List<Piece> pieces = new ArrayList<>();

  TensorTable(List<Trainable> parameters) {
    this.parameters = parameters;
    for (int tensor = 0; tensor < parameters.size(); tensor++) {
      int length = parameters.get(tensor).value().length();
      for (int start = 0; start < length; start += PIECE) {
        pieces.add(new Piece(tensor, start));
      }
    }
  }

  int pieces() {
    return pieces.size();
  }

  /** Where each piece's tensor stands, in bytes from the table's start; the tensors are first. */
  long pieceTensors() {
    return (long) TENSOR_BYTES * parameters.size();
  }

  /** Where each piece's first element stands. */
  long pieceStarts() {
    return pieceTensors() + (long) Integer.BYTES * pieces.size();
  }

  long bytes() {
    return pieceStarts() + (long) Integer.BYTES * pieces.size();
  }

  void write(ByteBuffer to) {
    int at = 0;
    for (Trainable parameter : parameters) {
      DeviceFloats value = (DeviceFloats) parameter.value();
      to.putLong(at, value.address())
          .putLong(at + 8, DeviceFloats.address(parameter.gradient()))
          .putLong(at + 16, DeviceFloats.address(parameter.first()))
          .putLong(at + 24, DeviceFloats.address(parameter.second()))
          .putLong(at + 32, value.copy())
          .putInt(at + 40, value.length())
          .putInt(at + 44, parameter.decays() ? 1 : 0);
      at += TENSOR_BYTES;
    }
    for (Piece piece : pieces) {
      to.putInt(at, piece.tensor);
      to.putInt(at + Integer.BYTES * pieces.size(), piece.start);
      at += Integer.BYTES;
    }
  }

  private record Piece(int tensor, int start) {}
}
