package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The cards of runs of which W&amp;B has not been told everything: put there when a claim begins,
 * removed when the end of the run has arrived. The hint of who has something to send; what is to be
 * sent says the run's journal.
 *
 * <p>A process killed at any time leaves a card too many at worst, and sending a run again changes
 * nothing. Any thread, any number of processes.
 */
final class Outbox {
  private final FileSystem files;
  private final Layout layout;

  Outbox(FileSystem files, Layout layout) {
    this.files = files;
    this.layout = layout;
  }

  /**
   * Puts the newest claim's card in the place of an older one; it keeps when the run began, and
   * what W&amp;B had when delivery stalled.
   *
   * @return what was put
   */
  RunDescriptor put(RunDescriptor descriptor) throws IOException {
    RunDescriptor begun =
        card(descriptor.key())
            .map(old -> descriptor.begun(old.started()).told(old.told()))
            .orElse(descriptor);
    files.makeFolders(layout.outbox(descriptor.key().project()));
    files.replace(file(descriptor.key()), DescriptorFile.write(begun));
    return begun;
  }

  /**
   * Writes down how many rows W&amp;B has of a run while it takes no more, or that it takes them
   * again: for whoever looks, and not needed to send them. A newer claim's card stays.
   *
   * @param rows null once all have arrived
   */
  void told(RunDescriptor descriptor, @Nullable Long rows) {
    try {
      RunDescriptor there = card(descriptor.key()).orElse(null);
      if (there != null
          && there.claimant().equals(descriptor.claimant())
          && !Objects.equals(there.told(), rows)) {
        files.replace(file(descriptor.key()), DescriptorFile.write(there.told(rows)));
      }
    } catch (IOException unwritable) {
      return; // it is not seen by who only looks; sync finds it all the same
    }
  }

  /** Removes a card; a missing one is fine. */
  void remove(RunKey key) throws IOException {
    files.delete(file(key));
  }

  /** A run's card; one that cannot be read counts as absent. */
  Optional<RunDescriptor> card(RunKey key) {
    try {
      return Optional.of(DescriptorFile.read(files.read(file(key))));
    } catch (IOException | UnreadableJson absent) {
      return Optional.empty();
    }
  }

  /** The ids of all runs of a project that have a card, in order; one listing. */
  List<String> waiting(String project) throws IOException {
    try {
      return files.list(layout.outbox(project)).stream()
          .filter(name -> name.matches("[0-9a-f]{8}" + "\\" + Layout.OUTBOX_SUFFIX))
          .map(name -> name.substring(0, name.length() - Layout.OUTBOX_SUFFIX.length()))
          .sorted()
          .toList();
    } catch (NoSuchFileException nothingYet) {
      return List.of();
    }
  }

  /** The card of a run id in a project. */
  Optional<RunDescriptor> card(String project, String runId) {
    return card(new RunKey(project, "", runId, 0));
  }

  private java.nio.file.Path file(RunKey key) {
    return layout.outbox(key.project(), key.runId());
  }
}
