package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Tokens;
import dev.sweeprunner.train.kernels.Buffer.Total;
import dev.sweeprunner.train.kernels.Discriminators;

/** Discriminators, by the products in float32, which take any size. */
final class DiscriminatorOps implements Discriminators {
  private final Launcher launcher;
  private final Stream stream;
  private final LinearOps linears;
  private final NormOps norms;
  private final DeviceScratch scratch;
  private final Sums sums;

  DiscriminatorOps(
      Launcher launcher, Stream stream, NormOps norms, DeviceScratch scratch, Sums sums) {
    this.launcher = launcher;
    this.stream = stream;
    this.linears = new LinearOps(launcher, DataType.FLOAT32, false, scratch, sums);
    this.norms = norms;
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
    DeviceActivation features = DeviceBuffers.of(x);
    DeviceActivation pooled = DeviceBuffers.of(room.pooled());
    DeviceActivation normed = DeviceBuffers.of(room.normed());
    DeviceActivation wide = DeviceBuffers.of(room.wide());
    DeviceActivation bent = DeviceBuffers.of(room.bent());
    DeviceActivation logits = DeviceBuffers.of(room.logits());
    DeviceActivation wideGradient = DeviceBuffers.of(room.wideGradient());
    DeviceActivation normedGradient = DeviceBuffers.of(room.normedGradient());
    DeviceActivation pooledGradient = DeviceBuffers.of(room.pooledGradient());
    numbers("pool_rows", rows, features).addresses(features.address(), pooled.address()).run();
    norms.forward(rows, pooled, discriminator.norm(), normed);
    linears.forward("linear_gelu", rows, normed, discriminator.hidden(), wide, bent);
    linears.forward("linear", rows, bent, discriminator.out(), logits);
    tell(rows, logits, ((DeviceTokens) tokens).block(), scale, (DeviceTotal) loss);
    linears.geluBackward(rows, logits, bent, wide, discriminator.out(), wideGradient);
    linears.backward(rows, wideGradient, normed, discriminator.hidden(), normedGradient);
    stream.zero(pooledGradient.address(), pooledGradient.space().bytes());
    norms.backward(rows, normedGradient, pooled, discriminator.norm(), pooledGradient);
    numbers("add_rows", rows, features)
        .single(-reversal / features.length())
        .addresses(pooledGradient.address(), DeviceBuffers.of(xGradient).address())
        .run();
  }

  /** Begins a launch of a thread for each number. */
  private Launcher numbers(String kernel, int rows, DeviceActivation of) {
    return launcher
        .kernel(kernel)
        .grid(Launcher.cover(of.numbers(rows), 256))
        .ints(of.tokens(rows), of.length(), of.features());
  }

  /** Adds the rows' losses; the logits become their gradients. */
  private void tell(
      int rows, DeviceActivation logits, TokenBlock tokens, float scale, DeviceTotal loss) {
    Quanta quanta = Quanta.of(rows, logits.length());
    long losses = scratch.begin().take((long) Float.BYTES * quanta.tokens());
    launcher
        .kernel("tell_rows")
        .grid(Launcher.cover(quanta.tokens(), 256))
        .ints(quanta.tokens(), logits.length(), logits.features())
        .single(scale)
        .addresses(tokens.compartments(), logits.address(), losses)
        .run();
    sums.addLosses(quanta, losses, loss);
  }
}
