package dev.sweeprunner.wandb.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTests {
  @TempDir Path folder;
  private Layout layout;
  private Identity identity;

  @BeforeEach
  void open() {
    layout = new Layout(folder);
    identity = new Identity(new LocalFiles(), layout);
  }

  @Test
  void the_first_id_stays() {
    String first = identity.root("p", "one");
    String second = identity.root("p", "two");

    assertThat(List.of(first, second, identity.root("q", "three")))
        .containsExactly("one", "one", "three");
  }

  @Test
  void of_racing_writers_all_agree_and_nothing_else_stays() throws Exception {
    int writers = 4;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      for (int race = 0; race < 40; race++) {
        String project = "p" + race;
        CyclicBarrier start = new CyclicBarrier(writers);
        List<Callable<String>> calls = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
          String own = "id-" + i;
          calls.add(
              () -> {
                start.await();
                return new Identity(new LocalFiles(), layout).root(project, own);
              });
        }

        Set<String> answers = new HashSet<>();
        for (Future<String> answer : threads.invokeAll(calls)) {
          answers.add(answer.get());
        }

        assertThat(answers).as(project).hasSize(1);
        assertThat(new LocalFiles().list(layout.locks(project))).containsExactly(".id");
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void another_entity_is_refused_with_the_way_out() {
    identity.pin("p", "acme");
    identity.pin("p", "acme");

    assertThat(identity.entity("p")).contains("acme");
    assertThatThrownBy(() -> identity.pin("p", "other"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("acme")
        .hasMessageContaining("--entity acme");
    assertThat(identity.entity("q")).isEmpty();
  }

  @Test
  void an_unreadable_file_is_named() throws IOException {
    Files.createDirectories(layout.locks("p"));
    Files.writeString(layout.entity("p"), "{");

    assertThatThrownBy(() -> identity.pin("p", "acme"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(".entity")
        .hasMessageContaining("Correct it");
  }
}
