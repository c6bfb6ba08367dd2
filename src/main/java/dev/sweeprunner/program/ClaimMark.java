package dev.sweeprunner.program;

import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.program.guard.Kin;
import dev.sweeprunner.run.ClaimedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Consumer;

/**
 * What every process of a claim bears: {@code {run folder}/{run id}/{epoch}}, where the folder is
 * known by its device and number on this machine, so that no other storage root's run is meant.
 *
 * @param run what the marks of all claims of the run begin with
 * @param epoch this claim's
 */
record ClaimMark(String run, int epoch) {
  private static final int NAME_LENGTH = 16;

  /**
   * The mark of a claim.
   *
   * @param folder the run's, which is there
   */
  static ClaimMark of(Path folder, ClaimedRun run) throws IOException {
    Object key = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
    String place = key == null ? folder.toRealPath().toString() : key.toString();
    String name = Sha256.of(place).substring(0, NAME_LENGTH);
    return new ClaimMark(name + "/" + run.point().runId() + "/", run.claim().epoch());
  }

  String token() {
    return run + epoch;
  }

  /** Ends the processes of earlier claims of this run that live on here: their claims are lost. */
  void endLeftOvers(Consumer<String> notes) {
    Kin kin = new Kin();
    int found = kin.find(this::earlier).size();
    if (found > 0) {
      boolean gone = kin.end(this::earlier);
      notes.accept(
          found
              + " processes of an earlier claim of it still ran here"
              + (gone ? " and were ended" : " and cannot be ended"));
    }
  }

  private boolean earlier(String token) {
    return token.startsWith(run)
        && token.substring(run.length()).matches("\\d{1,9}")
        && Integer.parseInt(token.substring(run.length())) < epoch;
  }
}
