package dev.sweeprunner.train.cuda;

import java.nio.file.Files;
import java.nio.file.Path;

/** A process that looks for a GPU and says what it found, and what that left in its folder. */
final class FindCuda {
  private FindCuda() {}

  public static void main(String[] arguments) throws Exception {
    for (int time = 0; time < 2; time++) {
      try {
        System.out.println("found " + CudaBackEnd.find(0, new FreshFolder()).device());
      } catch (NoCuda none) {
        System.out.println("none: " + none.getMessage());
      }
    }
    try (var left = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      System.out.println(
          "left " + left.filter(file -> !file.toString().contains("hsperf")).count());
    }
  }
}
