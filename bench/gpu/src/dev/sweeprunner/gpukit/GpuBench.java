package dev.sweeprunner.gpukit;

import dev.sweeprunner.train.cuda.CudaBackEnd;
import dev.sweeprunner.train.cuda.FreshFolder;
import dev.sweeprunner.train.cuda.NoCuda;
import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.model.FixtureCheck;
import dev.sweeprunner.train.model.TinyModels;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jcuda.driver.JCudaDriver;

/**
 * The half of the GPU kit that is Java: what {@code bench/gpu/run} starts, a process per question.
 *
 * <pre>
 *   device                                 what GPU there is, and how long its kernels take to load
 *   fixtures                               every fixture in both formats; the test's own table
 *   tiny                                   a few steps of tiny models: every kernel
 *   bits  --embd 32,64 --slices 2,4 SHAPE  two runs, and runs with a part of the tokens at once
 *   train --folder F --save-at 10 SHAPE    saves a checkpoint, says so, and waits for a kill
 *   resume --folder F SHAPE                goes on from it to the end
 *   time --embd 32 --comp 3 [--trainer] [--tiny]
 * </pre>
 *
 * <p>{@code -Dwarpgroups=true} lets products be those of four warps together, on Hopper.
 *
 * <p>Prints JSON, an object a line; other lines are for people. Exit code 0: done and all of it
 * holds; 1: something does not, or failed; 2: there is no GPU.
 */
public final class GpuBench {
  private GpuBench() {}

  public static void main(String[] words) throws Exception {
    Options options = Options.of(words);
    BackEnd gpu;
    try {
      gpu = CudaBackEnd.find(0, new FreshFolder(), Boolean.getBoolean("warpgroups"));
    } catch (NoCuda none) {
      System.err.println(none.getMessage());
      System.exit(2);
      return;
    }
    boolean holds =
        switch (options.command()) {
          case "device" -> device(gpu);
          case "fixtures" -> fixtures(gpu);
          case "tiny" -> tiny(gpu);
          case "bits" -> Bits.compare(gpu, options);
          case "train" -> Bits.train(gpu, options, Path.of(options.text("folder", "")));
          case "resume" -> Bits.resume(gpu, options, Path.of(options.text("folder", "")));
          case "time" -> Timing.run(gpu, options);
          default -> throw new IllegalArgumentException("no command " + options.command());
        };
    System.exit(holds ? 0 : 1);
  }

  private static boolean device(BackEnd gpu) {
    int[] version = new int[1];
    JCudaDriver.cuDriverGetVersion(version);
    long start = System.nanoTime();
    try (Kernels kernels = gpu.open(new BackEnd.Wish(true, 32, BackEnd.Wish.FEWEST_TOKENS))) {
      kernels.floats(1);
      kernels.allocate();
      Answer.print(
          "device",
          gpu.device(),
          "driver_cuda",
          version[0] / 1000 + "." + version[0] % 1000 / 10,
          "kernels",
          kernels.traits().version(),
          "peak_tflops_bf16",
          kernels.traits().peakFlops() / 1e12,
          "open_s",
          (System.nanoTime() - start) / 1e9,
          "java",
          System.getProperty("java.runtime.version"));
    }
    return true;
  }

  private static boolean fixtures(BackEnd gpu) throws Exception {
    boolean all = true;
    for (FixtureCheck.Result result : FixtureCheck.all(gpu)) {
      Answer.print(
          "fixture",
          result.fixture(),
          "subject",
          result.subject(),
          "ok",
          result.failure().isEmpty(),
          "failure",
          result.failure());
      all &= result.failure().isEmpty();
    }
    return all;
  }

  private static boolean tiny(BackEnd gpu) {
    for (Map.Entry<String, Double> loss : TinyModels.train(gpu).entrySet()) {
      Answer.print("model", loss.getKey(), "loss", loss.getValue());
    }
    return true;
  }

  /** Numbers of a list such as {@code 32,64}. */
  static List<Integer> numbers(String text) {
    return List.of(text.split(",")).stream().map(Integer::valueOf).toList();
  }
}
