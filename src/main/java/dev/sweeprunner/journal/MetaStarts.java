package dev.sweeprunner.journal;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.ClaimStarts;
import dev.sweeprunner.run.OwnerForm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Starts of claims by the {@code meta/{epoch}} of a run's folder. Stateless; any thread. */
public final class MetaStarts implements ClaimStarts {
  private final FileSystem files;
  private final Layout layout;
  private final RunFolders folders;

  /** Starts of the runs under this storage root. */
  public MetaStarts(FileSystem files, Layout layout) {
    this.files = files;
    this.layout = layout;
    this.folders = new RunFolders(layout);
  }

  @Override
  public List<Start> of(RunKey key) {
    Path metas = layout.metas(folders.home(key));
    List<Start> starts = new ArrayList<>();
    try {
      for (String epoch : files.list(metas)) {
        start(metas.resolve(epoch).resolve(MetaFolder.META)).ifPresent(starts::add);
      }
    } catch (IOException none) {
      return List.of();
    }
    starts.sort(Comparator.comparingInt(Start::epoch));
    return starts;
  }

  private Optional<Start> start(Path meta) {
    try {
      Fields fields = Fields.of(files.read(meta));
      return Optional.of(
          new Start(
              fields.integer("epoch"),
              fields.number("base"),
              OwnerForm.REPORT.owner(fields.object("host")),
              Instant.parse(fields.text("written"))));
    } catch (IOException | UnreadableJson | DateTimeParseException damaged) {
      return Optional.empty();
    }
  }
}
