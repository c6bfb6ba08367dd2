package dev.sweeprunner.program.launch;

import dev.sweeprunner.program.launch.LaunchOrder.Names;
import dev.sweeprunner.program.launch.LaunchOrder.Place;
import dev.sweeprunner.program.launch.LaunchOrder.Surroundings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The environment of one start: the worker's own, what the official agent sets, and what is set
 * here. Pure.
 */
final class ProgramEnvironment {
  /** What would lead W&amp;B's client, or part of what it says, past the relay. */
  private static final List<String> PAST_THE_RELAY =
      List.of(
          "WANDB_IDENTITY_TOKEN_FILE",
          "WANDB_HTTP_PROXY",
          "WANDB_HTTPS_PROXY",
          "WANDB_X_EXTRA_HTTP_HEADERS");

  private static final String LOOPBACK = "127.0.0.1";

  private final Map<String, String> variables;
  private final List<String> notes = new ArrayList<>();

  ProgramEnvironment(LaunchOrder order, ParameterFiles files) {
    Surroundings around = order.surroundings();
    variables = new LinkedHashMap<>(around.environment());
    official(order.names(), order.place(), files);
    resumable(order.names());
    around.wandbMode().ifPresent(mode -> variables.put("WANDB_MODE", mode));
    sweepId(around);
    earlierRunner(order.names(), order.place());
    // Otherwise the last lines of a program that is killed are lost in its buffer.
    variables.putIfAbsent("PYTHONUNBUFFERED", "1");
    if (!around.keepSlurm()) {
      slurm(around.environment());
    }
    variables.putAll(around.extra());
    relay(around.relay());
    own(order.names(), order.place(), files);
  }

  /** All variables of the program. */
  Map<String, String> variables() {
    return new LinkedHashMap<>(variables);
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  /** What the official agent sets and takes away. */
  private void official(Names names, Place place, ParameterFiles files) {
    variables.put("WANDB_RUN_ID", names.runId());
    variables.put("WANDB_PROJECT", names.project());
    if (names.entity() != null) {
      variables.put("WANDB_ENTITY", names.entity());
    }
    variables.putIfAbsent("WANDB_DIR", place.folder().toString());
    variables.put("WANDB_SWEEP_PARAM_PATH", files.yaml().toString());
    // The client's service of another process: this program starts its own.
    variables.remove("WANDB_SERVICE");
  }

  /** A run is continued under its id, and is found beside the others of its sweep. */
  private void resumable(Names names) {
    variables.put("WANDB_RESUME", "allow");
    variables.put("WANDB_RUN_GROUP", names.group());
    variables.put("WANDB_NAME", names.name());
  }

  /** The server has no such sweep: the client would ask it for one and drop the run's own names. */
  private void sweepId(Surroundings around) {
    String outside = variables.remove("WANDB_SWEEP_ID");
    if (around.sweepId().isPresent()) {
      variables.put("WANDB_SWEEP_ID", around.sweepId().get());
    } else if (outside != null) {
      notes.add(
          "WANDB_SWEEP_ID="
              + outside
              + " of the environment is not passed on: these runs belong to no sweep of the"
              + " server.");
    }
  }

  /** The contract of the runner before this one. */
  private void earlierRunner(Names names, Place place) {
    variables.put("RUN_ID", names.runId());
    variables.put("OUT_DIR", place.outDir().toString());
  }

  private void slurm(Map<String, String> environment) {
    Map<String, String> changes = SlurmVariables.changes(environment);
    variables.putAll(changes);
    if (!changes.isEmpty()) {
      notes.add(
          "The program sees SLURM_JOB_NAME=bash and itself as the job's only task, so that"
              + " Lightning leaves the job alone; program.keep-slurm passes Slurm's variables on"
              + " as they are.");
    }
  }

  /** The client's W&amp;B is this worker: neither the user's key nor a proxy is any use to it. */
  private void relay(Map<String, String> relay) {
    if (!relay.isEmpty()) {
      variables.keySet().removeAll(PAST_THE_RELAY);
      variables.putAll(relay);
      // Who reads one of the two does not read the other.
      String capital = variables.getOrDefault("NO_PROXY", "");
      String small = variables.getOrDefault("no_proxy", "");
      variables.put("NO_PROXY", direct(capital.isBlank() ? small : capital));
      variables.put("no_proxy", direct(small.isBlank() ? capital : small));
    }
  }

  private static String direct(String hosts) {
    return hosts.isBlank() ? LOOPBACK : hosts + "," + LOOPBACK;
  }

  /** Last: by the token all processes of a claim are found, whatever the user sets. */
  private void own(Names names, Place place, ParameterFiles files) {
    variables.put("SWEEP_RUNNER_RUN_ID", names.runId());
    variables.put("SWEEP_RUNNER_EPOCH", Integer.toString(place.epoch()));
    variables.put("SWEEP_RUNNER_OUT_DIR", place.outDir().toString());
    variables.put("SWEEP_RUNNER_PARAMS", files.json().toString());
    variables.put("SWEEP_RUNNER_METRICS", place.metrics().toString());
    variables.put("SWEEP_RUNNER_CLAIM", place.claimToken());
  }
}
