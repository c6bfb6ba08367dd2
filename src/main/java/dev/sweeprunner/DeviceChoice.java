package dev.sweeprunner;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.train.Devices;
import dev.sweeprunner.train.cuda.CudaBackEnd;
import dev.sweeprunner.train.cuda.LibraryFolder;
import dev.sweeprunner.train.cuda.NoCuda;

/** What {@code --device} means on this machine. Only a worker asks: it loads the driver. */
final class DeviceChoice {
  private static final String AUTO = "auto";
  private static final String CPU = "cpu";

  private final LibraryFolder folder;

  DeviceChoice(LibraryFolder folder) {
    this.folder = folder;
  }

  /**
   * Makes the devices train on what was asked for.
   *
   * @param asked {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}
   * @return why {@code auto} took the CPU, or nothing
   * @throws UserError if the GPU that was asked for cannot be used
   */
  String apply(String asked, Devices devices) {
    if (asked.equals(CPU)) {
      return "";
    }
    boolean may = asked.equals(AUTO);
    int ordinal = asked.contains(":") ? Integer.parseInt(asked.substring("cuda:".length())) : 0;
    try {
      devices.prefer(CudaBackEnd.find(ordinal, folder), may);
      return "";
    } catch (NoCuda reason) {
      String sentence = String.valueOf(reason.getMessage());
      if (may) {
        return sentence;
      }
      throw new UserError(
          "--device " + asked,
          sentence.replaceFirst("\\.$", ""),
          "Start on a machine with a GPU, or say --device cpu");
    }
  }
}
