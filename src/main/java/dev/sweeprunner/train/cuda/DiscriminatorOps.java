package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Tokens;
import dev.sweeprunner.train.kernels.Buffer.Total;
import dev.sweeprunner.train.kernels.Discriminators;
import dev.sweeprunner.train.kernels.Kernels.Linear;

/** Discriminators, by the products in float32, which take any size. */
final class DiscriminatorOps implements Discriminators {
  private static final int SOFTMAX_SHARED = 256 * Float.BYTES;

  private final Launcher launcher;
  private final LinearOps linears;
  private final DeviceScratch scratch;
  private final Sums sums;

  DiscriminatorOps(Launcher launcher, DeviceScratch scratch, Sums sums) {
    this.launcher = launcher;
    this.linears = new LinearOps(launcher, DataType.FLOAT32, false, scratch, sums);
    this.scratch = scratch;
    this.sums = sums;
  }

  @Override
  public void discriminate(
      int rows,
      Activation x,
      Tokens tokens,
      Discriminator discriminator,
      float scale,
      float reversal,
      Activation xGradient,
      Total loss) {
    Room room = discriminator.room();
    Linear hidden = discriminator.hidden();
    Linear out = discriminator.out();
    DeviceActivation from = DeviceBuffers.of(x);
    DeviceActivation logits = DeviceBuffers.of(room.logits());
    DeviceActivation down = DeviceBuffers.of(room.xGradient());
    TokenBlock block = ((DeviceTokens) tokens).block();
    if (hidden == null || room.wide() == null || room.bent() == null) {
      linears.forward("linear", rows, from, out, logits);
      softmax(rows, logits, block, scale, (DeviceTotal) loss);
      linears.backward(rows, logits, from, out, down);
    } else if (room.wideGradient() != null) {
      DeviceActivation wide = DeviceBuffers.of(room.wide());
      DeviceActivation bent = DeviceBuffers.of(room.bent());
      DeviceActivation wideGradient = DeviceBuffers.of(room.wideGradient());
      linears.forward("linear_gelu", rows, from, hidden, wide, bent);
      linears.forward("linear", rows, bent, out, logits);
      softmax(rows, logits, block, scale, (DeviceTotal) loss);
      linears.geluBackward(rows, logits, bent, wide, out, wideGradient);
      linears.backward(rows, wideGradient, from, hidden, down);
    }
    launcher
        .kernel("add_scaled")
        .grid(Launcher.cover(down.numbers(rows), 256))
        .ints(down.numbers(rows))
        .single(-reversal)
        .addresses(down.address(), DeviceBuffers.of(xGradient).address())
        .run();
  }

  /** Adds the losses; the logits become their gradients. */
  private void softmax(
      int rows, DeviceActivation logits, TokenBlock tokens, float scale, DeviceTotal loss) {
    Quanta quanta = Quanta.of(rows, logits.length());
    long losses = scratch.begin().take((long) Float.BYTES * quanta.tokens());
    launcher
        .kernel("softmax_f32")
        .grid(quanta.tokens())
        .shared(SOFTMAX_SHARED)
        .ints(quanta.tokens(), logits.features())
        .single(scale)
        .addresses(tokens.compartments(), logits.address(), losses)
        .run();
    sums.addLosses(quanta, losses, loss);
  }
}
