package dev.sweeprunner.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Processes.Verdict;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.testkit.Delegating;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that take names, leave them in order or die, and others that remove the names of the
 * dead from listings that have become old: two that live never have one name.
 */
class NameRaceTests {
  private static final int WORKERS = 5;
  private static final int REMOVERS = 3;
  private static final int LIVES = 150;

  @TempDir Path root;

  private final Map<String, String> holders = new ConcurrentHashMap<>();
  private final Set<String> dead = ConcurrentHashMap.newKeySet();
  private final Queue<String> broken = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean over = new AtomicBoolean();

  @Test
  void no_two_that_live_have_one_name_whatever_is_removed() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(WORKERS + REMOVERS);
    try {
      List<Future<Integer>> working = new ArrayList<>();
      List<Future<Integer>> removing = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        int worker = i;
        working.add(pool.submit((Callable<Integer>) () -> live("worker-" + worker)));
      }
      for (int i = 0; i < REMOVERS; i++) {
        int remover = i;
        removing.add(pool.submit((Callable<Integer>) () -> remove("remover-" + remover)));
      }
      int named = 0;
      for (Future<Integer> worker : working) {
        named += worker.get();
      }
      over.set(true);
      int retired = 0;
      for (Future<Integer> remover : removing) {
        retired += remover.get();
      }

      assertThat(broken).isEmpty();
      assertThat(named).isEqualTo(WORKERS * LIVES);
      assertThat(retired).isGreaterThan(LIVES / 10);
    } finally {
      over.set(true);
      pool.shutdownNow();
    }
  }

  private int live(String who) throws IOException {
    Random random = new Random(who.hashCode());
    int lives = 0;
    while (lives < LIVES) {
      String incarnation = who + "-" + lives++;
      WorkerNames names = names(incarnation, random);
      String name = names.like("w");
      String other = holders.putIfAbsent(name, incarnation);
      if (other != null) {
        broken.add(name + " is that of " + other + " and of " + incarnation);
      }
      LockSupport.parkNanos(random.nextInt(300_000));
      holders.remove(name, incarnation);
      if (random.nextInt(3) == 0) {
        names.leave(name);
      }
      dead.add(incarnation);
    }
    return lives;
  }

  private int remove(String who) throws IOException {
    Random random = new Random(who.hashCode());
    WorkerNames names = names(who, random);
    int retired = 0;
    while (!over.get()) {
      Map<String, List<Integer>> slots = new ConcurrentHashMap<>();
      for (String entry : listed()) {
        int mark = entry.indexOf(Layout.NAME_MARK);
        if (mark > 0) {
          slots
              .computeIfAbsent(entry.substring(0, mark), name -> new ArrayList<>())
              .add(Integer.parseInt(entry.substring(mark + Layout.NAME_MARK.length())));
        }
      }
      LockSupport.parkNanos(random.nextInt(3_000_000));
      for (Map.Entry<String, List<Integer>> name : slots.entrySet()) {
        List<Integer> sorted = name.getValue().stream().sorted().toList();
        retired += names.retire(name.getKey(), sorted) ? 1 : 0;
      }
    }
    return retired;
  }

  private List<String> listed() throws IOException {
    new LocalFiles().makeFolders(new Layout(root).workers());
    return new LocalFiles().list(new Layout(root).workers());
  }

  private WorkerNames names(String incarnation, Random random) {
    ThisProcess self = new ThisProcess(incarnation, "node1", "m", "b", 1, "1", "1", "ada");
    SlurmTask task = new SlurmTask("1", null, null, 0, "node1");
    return new WorkerNames(new Hesitant(random), new Layout(root), self, task, this::life);
  }

  private Verdict life(Owner owner) {
    return dead.contains(owner.incarnation()) ? Verdict.GONE : Verdict.ALIVE;
  }

  /** A disk whose answers come at odd times; nothing is synced, which would set the pace. */
  private static final class Hesitant extends Delegating {
    private final Random random;

    Hesitant(Random random) {
      super(new LocalFiles());
      this.random = random;
    }

    @Override
    public List<String> list(Path folder) throws IOException {
      List<String> names = super.list(folder);
      hesitate();
      return names;
    }

    @Override
    public void link(Path newName, Path file) throws IOException {
      super.link(newName, file);
      hesitate();
    }

    @Override
    protected void change() {
      hesitate();
    }

    private void hesitate() {
      int draw = random.nextInt(100);
      if (draw < 5) {
        LockSupport.parkNanos(random.nextInt(5_000_000));
      } else if (draw < 40) {
        LockSupport.parkNanos(random.nextInt(200_000));
      }
    }
  }
}
