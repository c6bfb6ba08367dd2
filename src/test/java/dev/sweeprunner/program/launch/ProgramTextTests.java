package dev.sweeprunner.program.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.program.launch.LaunchOrder.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramTextTests {
  @TempDir Path folder;

  @Test
  void a_call_of_agent_is_refused_with_its_place_and_the_way_out() throws IOException {
    write("train.py", "import wandb\n\n\ndef main():\n    wandb.agent(sweep, main)\n");

    ProgramText text = read("train.py", null);

    assertThat(text.refusal())
        .hasValueSatisfying(
            refusal ->
                assertThat(refusal)
                    .hasMessage(
                        "train.py:5: The program calls wandb.agent(): with an account each point"
                            + " would start a sweep of its own, without one it fails. Let program:"
                            + " name a script that calls the training function once, and write the"
                            + " parameters into the sweep file (docs/programs.md)."));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wandb.sweep(config, project='p')",
        "id = wandb . sweep (\n  config)",
        "import wandb as wb\nwb.agent(id, f)",
        "from wandb import init, agent\nagent(id, f)",
        "from wandb import (\n  init,\n  sweep as make,\n)\nmake(config)",
        "if __name__ == '__main__':\n  wandb.agent(id, f)",
        "if (__name__ == \"__main__\"):\n  with x:\n    wandb.agent(id, f)",
        "s = 'it\\'s'; wandb.agent(id) # '",
        "s = r'\\'; t = '; wandb.agent(id)",
        "'''\nwandb.sweep(\n'''\nwandb.agent(id)",
        "x = '' ; y = \"\" ; wandb.agent(id)",
        "if a:\n  b()\nwandb.agent(id, f)"
      })
  void a_real_call_is_refused(String source) throws IOException {
    write("train.py", source);

    assertThat(read("train.py", null).refusal()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import wandb\nwandb.init()\nwandb.log({'loss': 1})",
        "# wandb.agent(id, f)",
        "x = 1  # then wandb.sweep(config)",
        "'''Use wandb.agent(id) to\nrun wandb.sweep(c).'''",
        "print(\"wandb.agent(\")",
        "print('it\\'s wandb.agent(id)')",
        "my.wandb.agent(id)",
        "mywandb.agent(id)",
        "agent(id)\nsweep(x)",
        "from wandb import init\nagent(id)",
        "def agent(id): pass",
        "wandb.agents(id)",
        "wandb.agent = None"
      })
  void what_only_looks_like_a_call_is_not(String source) throws IOException {
    write("train.py", source);

    ProgramText text = read("train.py", null);

    assertThat(text.refusal()).isEmpty();
    assertThat(text.notes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "if args.sweep:\n    wandb.agent(id, f)",
        "if __name__ == '__main__':\n    if args.sweep:\n        x()\n        wandb.agent(id, f)",
        "if a:\n    train()\nelse:\n    with b:\n        wandb.agent(id, f)",
        "if args.sweep: wandb.agent(id, f)"
      })
  void a_call_under_a_condition_is_a_note(String source) throws IOException {
    write("train.py", source);

    ProgramText text = read("train.py", null);

    assertThat(text.refusal()).isEmpty();
    assertThat(text.notes()).singleElement().asString().contains("under a condition");
  }

  @Test
  void who_asks_for_the_sweep_id_is_told_that_there_is_none() throws IOException {
    write("train.py", "import os\nif os.environ.get('WANDB_SWEEP_ID'):\n  wandb.init()\n");
    write("run.sh", "#!/bin/sh\ntest -n \"$WANDB_SWEEP_ID\" || exit 1\n");
    write("quiet.py", "# WANDB_SWEEP_ID\n");

    assertThat(read("train.py", null).notes())
        .containsExactly(
            "train.py asks for WANDB_SWEEP_ID, which is not set: there is no such sweep on the"
                + " server; program.sweep-id sets a local value.");
    assertThat(read("run.sh", null).notes()).hasSize(1);
    assertThat(read("quiet.py", null).notes()).isEmpty();
  }

  @Test
  void who_names_the_run_itself_is_told_that_it_wins() throws IOException {
    write(
        "train.py",
        """
        import wandb as wb
        run = wb.init(config=dict(id=1, f=[(entity == 2)]), mode='x', project="p",
                      id=f(a)[0])
        """);
    write("quiet.py", "wandb.init(config=dict(project=1), name='n')\nf(project=2)\n");

    assertThat(read("train.py", null).notes())
        .containsExactly(
            "train.py gives wandb.init its own project, id: without WANDB_SWEEP_ID W&B takes that"
                + " instead of this sweep's.");
    assertThat(read("quiet.py", null).notes()).isEmpty();
  }

  @Test
  void with_a_sweep_id_the_client_behaves_as_under_its_own_agent() throws IOException {
    write("train.py", "wandb.init(project='p', id=os.environ['WANDB_SWEEP_ID'])\n");

    Call call = new Call("train.py", null, "python");

    assertThat(ProgramText.read(call, folder, true, false).notes()).isEmpty();
    assertThat(ProgramText.read(call, folder, false, false).notes()).hasSize(2);
  }

  @Test
  void with_the_relay_what_the_program_calls_its_run_does_not_matter() throws IOException {
    write("train.py", "wandb.init(project='p', id='mine')\n");

    assertThat(ProgramText.read(new Call("train.py", null, "python"), folder, false, true).notes())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "import wandb | true",
        "import os, wandb | true",
        "from wandb import init | true",
        "  import wandb as w | true",
        "# import wandb | false",
        "import wandbox | false",
        "s = 'import wandb' | false"
      })
  void it_logs_where_it_imports_the_client(String source, boolean logs) throws IOException {
    write("train.py", source + "\n");

    assertThat(read("train.py", null).logs()).isEqualTo(logs);
  }

  @Test
  void where_it_leads_the_client_elsewhere_is_found() throws IOException {
    write(
        "train.py",
        """
        import wandb as wb
        wb.init(
            project="p", mode = "offline")
        wb.init(settings=wb.Settings(base_url="http://x"))
        wb.login(key=k, host='http://y')
        wb.init(mode="online", config={"host": 1})
        client(base_url="http://z", mode="disabled")
        """);

    assertThat(read("train.py", null).pastRelay())
        .containsExactly(
            "train.py:3 says mode = \"offline\"",
            "train.py:4 says base_url=",
            "train.py:4 says base_url=",
            "train.py:5 says host=");
  }

  @Test
  void modules_and_files_of_the_command_are_read_too() throws IOException {
    Files.createDirectory(folder.resolve("pkg"));
    write("pkg/mod.py", "wandb.agent(id)\n");
    write("tool", "#!/usr/bin/env python3\nwandb.agent(id)\n");

    assertThat(read("pkg.mod", null).refusal()).isPresent();
    assertThat(read("-m pkg.mod", null).refusal()).isPresent();
    assertThat(read("tool", null).refusal()).isPresent();
    assertThat(read(null, List.of("python", "pkg/mod.py", "${args}")).refusal()).isPresent();
  }

  @Test
  void what_cannot_be_read_says_nothing() throws IOException {
    Files.createDirectory(folder.resolve("folder.py"));
    Files.write(folder.resolve("binary.py"), new byte[(4 << 20) + 1]);

    for (String name : List.of("missing.py", "folder.py", "binary.py", "a\0b", "/no/such/file")) {
      assertThat(read(name, null).refusal()).isEmpty();
      assertThat(read(name, null).notes()).isEmpty();
    }
    assertThat(read(null, null).refusal()).isEmpty();
  }

  private ProgramText read(@Nullable String program, @Nullable List<String> command) {
    return ProgramText.read(new Call(program, command, "python"), folder, false, false);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }
}
