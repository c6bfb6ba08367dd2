package dev.sweeprunner.cli.shell;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jline.utils.AttributedString;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.shell.core.autoconfigure.SpringShellAutoConfiguration;
import org.springframework.shell.core.command.CommandRegistry;
import org.springframework.shell.core.utils.Utils;
import org.springframework.shell.jline.PromptProvider;

/** The small context of the shell: Spring Shell's own configuration and a prompt, nothing else. */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration(SpringShellAutoConfiguration.class)
class ShellConfiguration {
  @Bean
  PromptProvider prompt(ShellCommands commands) {
    return () -> new AttributedString(words(commands.sweeps()) + "> ");
  }

  /**
   * Gathers all command beans once they are made. The shell's own registry looks for annotated
   * methods in a scanned application, which this is not.
   */
  @Bean
  CommandRegistry commandRegistry() {
    return new CommandRegistry(new HashSet<>(Set.of(Utils.QUIT_COMMAND)));
  }

  private static String words(List<Path> sweeps) {
    Path name = sweeps.isEmpty() ? null : sweeps.get(0).getFileName();
    if (name == null) {
      return "sweep-runner";
    }
    String more = sweeps.size() == 1 ? "" : " +" + (sweeps.size() - 1);
    return name.toString().replaceFirst("\\.ya?ml$", "") + more;
  }
}
