package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.DropoutMask;
import dev.sweeprunner.train.kernels.Dropouts;
import dev.sweeprunner.train.kernels.Kernels.Attention;
import org.jspecify.annotations.Nullable;

/** What drops numbers. Attention is always the general kernels' here. */
final class DropoutOps implements Dropouts {
  private final Launcher launcher;

  DropoutOps(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public void drop(
      int rows, Activation x, Dropout dropout, @Nullable Activation addend, Activation out) {
    DeviceActivation from = exact(x);
    int n = from.tokens(rows);
    launcher
        .kernel("drop")
        .grid(Launcher.cover((long) n * from.features(), 256))
        .ints(n, from.features());
    place(dropout)
        .addresses(from.address(), addend == null ? 0 : exact(addend).address())
        .addresses(exact(out).address())
        .run();
  }

  @Override
  public void attention(int rows, Attention attention, Dropout dropout) {
    DeviceActivation qkv = DeviceBuffers.of(attention.qkv());
    AttentionOps.general(launcher, "attention_dropped", rows, qkv, attention.heads());
    place(dropout)
        .addresses(qkv.address(), DeviceBuffers.of(attention.out()).address())
        .addresses(DeviceBuffers.of(attention.statistics()).address())
        .run();
  }

  @Override
  public void attentionBackward(
      int rows,
      Activation outGradient,
      Attention attention,
      Dropout dropout,
      Activation qkvGradient) {
    DeviceActivation qkv = DeviceBuffers.of(attention.qkv());
    long upper = DeviceBuffers.of(outGradient).address();
    long out = DeviceBuffers.of(attention.out()).address();
    long statistics = DeviceBuffers.of(attention.statistics()).address();
    long gradient = DeviceBuffers.of(qkvGradient).address();
    int heads = attention.heads();
    AttentionOps.general(launcher, "attention_dropped_backward_query", rows, qkv, heads);
    place(dropout).addresses(upper, qkv.address(), out, statistics, gradient).run();
    AttentionOps.general(launcher, "attention_dropped_backward_key", rows, qkv, heads);
    place(dropout).addresses(upper, qkv.address(), statistics, gradient).run();
  }

  /** The next parameters: what a kernel needs to know which numbers it drops. */
  private Launcher place(Dropout dropout) {
    long draw = ((DeviceTokens) dropout.tokens()).block().draw();
    return launcher
        .ints(dropout.place(), DropoutMask.threshold(dropout.share()))
        .single(DropoutMask.scale(dropout.share()))
        .addresses(draw);
  }

  private static DeviceActivation exact(Activation activation) {
    DeviceActivation checked = DeviceBuffers.of(activation);
    if (checked.type() != DataType.FLOAT32) {
      throw new IllegalArgumentException("numbers are dropped of exact activations only");
    }
    return checked;
  }
}
