package dev.sweeprunner.program.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.program.launch.LaunchOrder.Call;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the text of a program says about how it wants to be started. A program without a readable
 * text says nothing: whether it can be started is for exec to answer.
 */
public final class ProgramText {
  /** More than any script: what is longer is a binary. */
  private static final int LONGEST = 4 << 20;

  private final List<UserError> refusals = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<String> pastRelay = new ArrayList<>();
  private boolean logs;

  /** Whether the client is to believe that it is in a sweep of the server. */
  private final boolean sweepIdIsSet;

  /** Whether the client is told what its run is called, whatever the program says. */
  private final boolean relayed;

  private ProgramText(boolean sweepIdIsSet, boolean relayed) {
    this.sweepIdIsSet = sweepIdIsSet;
    this.relayed = relayed;
  }

  /**
   * Reads the program, and the Python files that the command names beside it.
   *
   * @param folder the program's working directory
   * @param sweepIdIsSet whether the program is given a local {@code WANDB_SWEEP_ID}
   * @param relayed whether its W&amp;B is this worker
   */
  public static ProgramText read(Call call, Path folder, boolean sweepIdIsSet, boolean relayed) {
    ProgramText read = new ProgramText(sweepIdIsSet, relayed);
    for (String name : names(call)) {
      text(folder, name).ifPresent(text -> read.look(name, text));
    }
    return read;
  }

  /**
   * Why this program is not to be started: it would start a sweep of its own at every point. Empty
   * where nothing speaks against it.
   */
  public Optional<UserError> refusal() {
    return refusals.stream().findFirst();
  }

  /** What the user should know once, each a sentence with its full stop. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** Whether it seems to use W&amp;B's client. */
  public boolean logs() {
    return logs;
  }

  /** Where it seems to lead the client somewhere else than its environment says. */
  public List<String> pastRelay() {
    return List.copyOf(pastRelay);
  }

  private static Set<String> names(Call call) {
    Set<String> names = new LinkedHashSet<>();
    String program = call.program();
    if (program != null) {
      names.add(program);
      names.add(program.replaceFirst("^-m\\s*", "").replace('.', '/') + ".py");
    }
    List<String> command = call.command();
    if (command != null) {
      command.stream().filter(word -> word.endsWith(".py")).forEach(names::add);
    }
    return names;
  }

  private static Optional<String> text(Path folder, String name) {
    try {
      Path file = folder.resolve(name);
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      try (InputStream in = Files.newInputStream(file)) {
        byte[] content = in.readNBytes(LONGEST + 1);
        return content.length > LONGEST
            ? Optional.empty()
            : Optional.of(new String(content, UTF_8).replace("\r\n", "\n"));
      }
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  private void look(String name, String text) {
    if (!isPython(name, text)) {
      askedForSweepId(name, text);
      return;
    }
    PythonSource source = new PythonSource(text);
    askedForSweepId(name, source.statements());
    namesOfItsOwn(name, source.initNames());
    logs |= source.importsWandb();
    source
        .detours()
        .forEach(call -> pastRelay.add(name + ":" + call.line() + " says " + call.name()));
    for (PythonSource.Call call : source.sweepCalls()) {
      String place = name + ":" + call.line();
      if (call.conditional()) {
        notes.add(
            place
                + " calls "
                + call.name()
                + " under a condition: it must not come true here, since"
                + " each point would start a sweep of its own.");
      } else {
        refusals.add(refusal(place, call));
      }
    }
  }

  private static UserError refusal(String place, PythonSource.Call call) {
    return new UserError(
        place,
        "The program calls "
            + call.name()
            + ": with an account each point would start a sweep of its own, without one it fails",
        "Let program: name a script that calls the training function once, and write the parameters"
            + " into the sweep file (docs/programs.md)");
  }

  private static boolean isPython(String name, String text) {
    return name.endsWith(".py") || (text.startsWith("#!") && firstLine(text).contains("python"));
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private void askedForSweepId(String name, String text) {
    if (!sweepIdIsSet && text.contains("WANDB_SWEEP_ID")) {
      notes.add(
          name
              + " asks for WANDB_SWEEP_ID, which is not set: there is no such sweep on the server;"
              + " program.sweep-id sets a local value.");
    }
  }

  /** In a sweep of the server the client ignores these arguments. */
  private void namesOfItsOwn(String name, Set<String> arguments) {
    if (!sweepIdIsSet && !relayed && !arguments.isEmpty()) {
      notes.add(
          name
              + " gives wandb.init its own "
              + String.join(", ", arguments)
              + ": without WANDB_SWEEP_ID W&B takes that instead of this sweep's.");
    }
  }
}
