package dev.sweeprunner.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.TaskProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleProfilesTests {
  @TempDir Path folder;

  private List<TaskProfile> read(String yaml) throws IOException {
    Path file = folder.resolve("application.yml");
    Files.writeString(file, yaml);
    Properties properties = Properties.packed();
    properties.file(file);
    return ScaleProfiles.read(properties.profiles());
  }

  private List<TaskProfile> member(String member) throws IOException {
    return read("sweep-runner: {scale: {profiles: {gpu: {" + member + "}}}}");
  }

  @Test
  void none_is_packed_and_the_heading_alone_is_none() throws IOException {
    assertThat(ScaleProfiles.read(Properties.packed().profiles())).isEmpty();
    assertThat(read("sweep-runner: {scale: {profiles: }}")).isEmpty();
    assertThat(read("sweep-runner: {scale: {profiles: {}}}")).isEmpty();
  }

  @Test
  void the_order_is_that_of_the_file() throws IOException {
    List<TaskProfile> profiles =
        read(
            """
            sweep-runner:
              scale:
                profiles:
                  z_big:
                    partition: gpu
                    gpus: a100:4
                    limit: 8
                    workers: 4
                    flags: --account=me --comment 'two words' --x="a b"c
                    script: slurm/run_sweep_node.sh
                  a-small:
                    gpus: 0
                    limit: 2
            """);

    assertThat(profiles)
        .containsExactly(
            new TaskProfile(
                "z_big",
                "gpu",
                "a100:4",
                8,
                4,
                List.of("--account=me", "--comment", "two words", "--x=a bc"),
                "slurm/run_sweep_node.sh"),
            new TaskProfile("a-small", "", "", 2, 1, List.of(), "slurm/run_sweep.sh"));
  }

  @Test
  void their_names_are_no_options_and_no_properties() throws IOException {
    Path file = folder.resolve("application.yml");
    Files.writeString(file, "sweep-runner: {scale: {profiles: {gpu: {limit: 1}}}}");
    Properties properties = Properties.packed();
    properties.file(file);
    properties.environment(Map.of("SWEEP_RUNNER_SCALE_PROFILES_GPU_LIMIT", "5"));

    assertThat(properties.names()).noneMatch(name -> name.startsWith("scale.profiles"));
    assertThat(ScaleProfiles.read(properties.profiles()).get(0).limit()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limt: 3 | gpu.limt is unknown. Did you mean limit?",
        "colour: red | gpu.colour is unknown. A profile has partition, gpus, limit,",
        "gpus: 1 | gpu.limit is missing. Give it a whole number of at least 1.",
        "limit: 0 | gpu.limit is \"0\". Give it a whole number",
        "limit: many | gpu.limit is \"many\". Give it a whole number",
        "limit: 1, workers: 0 | gpu.workers is \"0\"",
        "limit: 1, partition: a b | gpu.partition is \"a b\"",
        "limit: 1, flags: 'account=me' | gpu.flags is \"account=me\". Give it words",
        "limit: 1, flags: \"--a='b\" | gpu.flags is \"--a='b\". Give it each quote",
        "limit: 1, script: '' | gpu.script is \"\"",
        "limit: {a: 1} | gpu.limit.a is unknown",
      })
  void a_mistake_names_file_key_and_way_out(String member, String told) {
    assertThatThrownBy(() -> member(member))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(folder.resolve("application.yml").toString())
        .hasMessageContaining("sweep-runner.scale.profiles." + told);
  }

  @Test
  void a_name_fits_into_a_jobs_name() {
    assertThatThrownBy(() -> read("sweep-runner: {scale: {profiles: {'a b': {limit: 1}}}}"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("a b is no name for a profile");
    assertThatThrownBy(() -> read("sweep-runner: {scale: {profiles: {gpu: 3}}}"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("gpu has no members");
    assertThatThrownBy(() -> read("sweep-runner: {scale: {profiles: 3}}"))
        .isInstanceOf(UserError.class);
    assertThatThrownBy(() -> read("sweep-runner: {scale: {profile: {gpu: {limit: 1}}}}"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("there is no property sweep-runner.scale.profile.gpu.limit");
  }
}
