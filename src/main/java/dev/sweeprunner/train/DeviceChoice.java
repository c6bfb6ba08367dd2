package dev.sweeprunner.train;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.train.cuda.CudaBackEnd;
import dev.sweeprunner.train.cuda.LibraryFolder;
import dev.sweeprunner.train.cuda.NoCuda;
import java.util.function.Consumer;

/** What {@code --device} means on this machine. Only a worker asks: it loads the driver. */
public final class DeviceChoice {
  private static final String AUTO = "auto";
  private static final String CPU = "cpu";

  private final LibraryFolder folder;
  private final Consumer<String> warnings;

  /**
   * A choice.
   *
   * @param folder where the native library is unpacked
   * @param warnings what the user should know of a GPU that is there and cannot be used, and of a
   *     CPU that could be faster
   */
  public DeviceChoice(LibraryFolder folder, Consumer<String> warnings) {
    this.folder = folder;
    this.warnings = warnings;
  }

  /**
   * Chooses what was asked for. {@code auto} takes a GPU only where a model can be opened on it
   * now; where {@code cuda} was asked for, a GPU that others fill at the moment is the first run's
   * failure, and may be free for the next.
   *
   * @param asked {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}
   * @return why {@code auto} took the CPU, or nothing; where a GPU is there and cannot be used,
   *     that is also a warning: hours on the CPU are not what anybody wants of such a node
   * @throws UserError if the GPU that was asked for cannot be used
   */
  public String apply(String asked, Devices devices) {
    if (asked.equals(CPU)) {
      advise(devices);
      return "";
    }
    boolean may = asked.equals(AUTO);
    int ordinal = asked.contains(":") ? Integer.parseInt(asked.substring("cuda:".length())) : 0;
    try {
      CudaBackEnd gpu = CudaBackEnd.find(ordinal, folder);
      if (may) {
        gpu.enter();
      }
      devices.choose(gpu);
      return "";
    } catch (NoCuda reason) {
      String sentence = String.valueOf(reason.getMessage());
      if (may) {
        advise(devices);
      }
      if (may && !reason.absent()) {
        warnings.accept(
            "--device auto: this worker trains on the CPU. "
                + sentence
                + " Say --device cuda to leave such a node instead.");
        return "see the warning";
      }
      if (may) {
        return sentence;
      }
      throw new UserError(
          "--device " + asked, sentence.replaceFirst("\\.$", ""), "Or say --device cpu");
    }
  }

  private void advise(Devices devices) {
    String advice = devices.advice();
    if (!advice.isEmpty()) {
      warnings.accept(advice);
    }
  }
}
