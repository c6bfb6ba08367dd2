package dev.sweeprunner.cpukit;

import com.sun.management.OperatingSystemMXBean;
import dev.sweeprunner.train.cpu.CpuBackEnd;
import dev.sweeprunner.train.cpu.CpuBackEnd.Vectors;
import dev.sweeprunner.train.kernels.AdamW;
import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.CounterRandom;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.model.Gpt;
import dev.sweeprunner.train.model.ModelShape;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The half of the CPU kit that is Java: whole iterations of one shape, {@code EMBD TOKENS THREADS
 * KERNELS} on the command line, with kernels {@code plain} or {@code vector}.
 *
 * <p>Warms up, says {@code ready}, and answers every line on standard input with one iteration:
 * processor seconds, wall seconds, peak resident MiB, loss. {@code profile} as a fifth word prints
 * the processor seconds of each operation in place of that; it means something with one thread.
 */
public final class CpuBench {
  private static final AdamW SETTINGS = new AdamW(0.9, 0.95, 0.1, 1);
  private static final int LENGTH = 64;
  private static final int BASE = 16_384;
  private static final int COMPARTMENTS = 3;
  private static final int VOCABULARY = COMPARTMENTS * BASE + 1;
  private static final int SMALL = 1024;

  private final Gpt gpt;
  private final int tokens;
  private int step;

  private CpuBench(Gpt gpt, int tokens) {
    this.gpt = gpt;
    this.tokens = tokens;
  }

  public static void main(String[] words) throws IOException {
    int embd = Integer.parseInt(words[0]);
    int tokens = Integer.parseInt(words[1]);
    BackEnd cpu = backEnd(Integer.parseInt(words[2]), words[3]);
    boolean profile = words.length > 4 && words[4].equals("profile");
    Map<String, Long> times = new LinkedHashMap<>();
    try (Kernels kernels = cpu.open(new BackEnd.Wish(false, embd, tokens));
        Gpt gpt =
            new Gpt(profile ? timed(kernels, times) : kernels, shape(embd), tokens / LENGTH)) {
      gpt.initialise(1);
      CpuBench bench = new CpuBench(gpt, tokens);
      for (int i = 0; i < 3; i++) {
        bench.iterate(Math.min(tokens, SMALL));
      }
      bench.iterate(tokens);
      if (profile) {
        profile(bench, times);
      } else {
        serve(bench);
      }
    }
  }

  private static BackEnd backEnd(int threads, String kernels) {
    return new CpuBackEnd(threads, kernels.equals("vector") ? Vectors.WHERE_WORTH : Vectors.NEVER);
  }

  private static ModelShape shape(int embd) {
    return new ModelShape(
        8,
        Math.max(1, embd / 32),
        embd,
        LENGTH,
        VOCABULARY,
        BASE,
        COMPARTMENTS,
        false,
        false,
        false,
        false,
        10_000);
  }

  private static void serve(CpuBench bench) throws IOException {
    System.out.println("ready");
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (lines.readLine() != null) {
      double cpu = cpuSeconds();
      long start = System.nanoTime();
      double loss = bench.iterate(bench.tokens);
      double wall = (System.nanoTime() - start) / 1e9;
      System.out.printf("%.4f %.4f %d %.6f%n", cpuSeconds() - cpu, wall, peakMib(), loss);
    }
  }

  private static void profile(CpuBench bench, Map<String, Long> times) {
    times.clear();
    double cpu = cpuSeconds();
    double loss = bench.iterate(bench.tokens);
    double all = cpuSeconds() - cpu;
    times.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(
            t ->
                System.out.printf(
                    "%-22s %9.4f s %5.1f %%%n",
                    t.getKey(), t.getValue() / 1e9, t.getValue() / 1e7 / all));
    System.out.printf(
        "all %.4f s, %.0f tokens per CPU-second, loss %.9f%n", all, bench.tokens / all, loss);
  }

  /** One update; the mean loss of its tokens. */
  private double iterate(int count) {
    step++;
    int most = gpt.rowsAtOnce() * LENGTH;
    for (int from = 0; from < count; from += most) {
      int now = Math.min(most, count - from);
      gpt.put(
          now / LENGTH,
          ids(now, from, VOCABULARY),
          ids(now, ~from, VOCABULARY),
          ids(now, from, COMPARTMENTS));
      gpt.accumulate(now / LENGTH, 1f / count);
    }
    double loss = gpt.takeLoss() / count;
    gpt.update(SETTINGS, 1e-4, step);
    gpt.takeNorm();
    return loss;
  }

  private int[] ids(int count, int stream, int bound) {
    CounterRandom random = CounterRandom.of(step, stream);
    int[] ids = new int[count];
    for (int i = 0; i < count; i++) {
      ids[i] = random.bounded(i, bound, bound);
    }
    return ids;
  }

  private static Kernels timed(Kernels kernels, Map<String, Long> times) {
    return (Kernels)
        Proxy.newProxyInstance(
            Kernels.class.getClassLoader(),
            new Class<?>[] {Kernels.class},
            (proxy, method, arguments) -> {
              long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
              try {
                return method.invoke(kernels, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              } finally {
                long end = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                times.merge(method.getName(), end - start, Long::sum);
              }
            });
  }

  private static double cpuSeconds() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }

  private static long peakMib() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
      }
    }
    return 0;
  }
}
