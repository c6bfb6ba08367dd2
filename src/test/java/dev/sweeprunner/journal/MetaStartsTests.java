package dev.sweeprunner.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.ClaimStarts;
import dev.sweeprunner.run.OwnerForm;
import dev.sweeprunner.testkit.Situations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetaStartsTests {
  private static final RunKey KEY = new RunKey("p", "g", "9f3c21aa", 64L);

  @TempDir Path folder;

  private void began(int epoch, long base, String worker) throws IOException {
    Map<String, Object> meta = new LinkedHashMap<>();
    meta.put("v", 1);
    meta.put("epoch", epoch);
    meta.put("base", base);
    meta.put("written", "2026-11-30T12:00:00Z");
    meta.put("host", OwnerForm.REPORT.members(Situations.owner(worker)));
    write(epoch, Json.document(meta));
  }

  private void write(int epoch, byte[] meta) throws IOException {
    Path place = new Layout(folder).meta(KEY, epoch);
    Files.createDirectories(place);
    Files.write(place.resolve("meta.json"), meta);
  }

  @Test
  void starts_come_in_their_order_and_damaged_ones_are_left_out() throws IOException {
    began(12, 80, "w2");
    began(3, 0, "w1");
    write(5, "{\"epoch\":5".getBytes(UTF_8));
    write(7, new byte[0]);

    ClaimStarts starts = new MetaStarts(new LocalFiles(), new Layout(folder));

    assertThat(starts.of(KEY))
        .extracting(start -> start.epoch() + " " + start.base() + " " + start.owner().worker())
        .containsExactly("3 0 w1", "12 80 w2");
    assertThat(starts.of(KEY).get(0).written()).isEqualTo("2026-11-30T12:00:00Z");
  }

  @Test
  void a_run_without_a_folder_has_none() {
    ClaimStarts starts = new MetaStarts(new LocalFiles(), new Layout(folder.resolve("none")));

    assertThat(starts.of(KEY)).isEmpty();
  }
}
