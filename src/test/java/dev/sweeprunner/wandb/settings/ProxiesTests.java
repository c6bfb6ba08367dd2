package dev.sweeprunner.wandb.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which proxy for which address. */
class ProxiesTests {
  private final Map<String, String> environment = new HashMap<>();

  @Test
  void without_variables_everything_is_direct() {
    assertThat(proxy("https://api.wandb.ai")).isEmpty();
    assertThat(proxy("http://10.0.0.1:8080")).isEmpty();
  }

  @Test
  void the_scheme_of_the_request_chooses() {
    environment.put("WANDB_HTTP_PROXY", "http://plain:1");
    environment.put("WANDB_HTTPS_PROXY", "http://secure:2/");

    assertThat(proxy("http://host/graphql")).contains(new ProxyAddress("plain", 1, null, null));
    assertThat(proxy("HTTPS://host/graphql")).contains(new ProxyAddress("secure", 2, null, null));
    assertThat(proxy("ftp://host")).isEmpty();
  }

  @Test
  void what_is_meant_for_this_service_goes_over_what_is_meant_for_all() {
    environment.put("WANDB_HTTPS_PROXY", "http://own:1");
    environment.put("HTTPS_PROXY", "http://common:2");
    environment.put("HTTP_PROXY", "http://common:3");

    assertThat(proxy("https://host")).map(ProxyAddress::toString).contains("own:1");
    assertThat(proxy("http://host")).map(ProxyAddress::toString).contains("common:3");
  }

  @Test
  void upper_case_goes_over_lower_case() {
    environment.put("https_proxy", "http://lower:1");
    Optional<ProxyAddress> lower = proxy("https://host");
    environment.put("HTTPS_PROXY", "");
    Optional<ProxyAddress> empty = proxy("https://host");
    environment.put("HTTPS_PROXY", "http://upper:2");

    assertThat(lower).map(ProxyAddress::host).contains("lower");
    assertThat(empty).map(ProxyAddress::host).contains("lower");
    assertThat(proxy("https://host")).map(ProxyAddress::host).contains("upper");
  }

  @Test
  void exceptions_hold_for_the_common_proxy_only() {
    environment.put("HTTP_PROXY", "http://common:1");
    environment.put("HTTPS_PROXY", "http://common:1");
    environment.put("no_proxy", "example.org");

    assertThat(proxy("https://api.example.org")).isEmpty();
    assertThat(proxy("https://example.com")).isPresent();
    assertThat(proxy("http://127.0.0.1:8080")).isEmpty();
    assertThat(proxy("http://localhost")).isEmpty();
    assertThat(proxy("http://[::1]:8080")).isEmpty();

    environment.put("WANDB_HTTP_PROXY", "http://own:1");
    environment.put("WANDB_HTTPS_PROXY", "http://own:1");
    environment.put("NO_PROXY", "*");

    assertThat(proxy("https://api.example.org")).isPresent();
    assertThat(proxy("http://127.0.0.1:8080")).isPresent();
    assertThat(proxy("http://localhost")).isPresent();
  }

  @Test
  void the_port_of_the_scheme_counts_where_the_address_has_none() {
    environment.put("HTTP_PROXY", "http://common:1");
    environment.put("HTTPS_PROXY", "http://common:1");
    environment.put("NO_PROXY", "a:443,b:80");

    assertThat(proxy("https://a")).isEmpty();
    assertThat(proxy("http://a")).isPresent();
    assertThat(proxy("http://b")).isEmpty();
    assertThat(proxy("https://b:80")).isEmpty();
    assertThat(proxy("http://b:8080")).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "http://proxy, proxy, 80, -, -",
        "http://proxy:, proxy, 80, -, -",
        "HTTP://Proxy.Example:3128/, Proxy.Example, 3128, -, -",
        "http://my_proxy:3128, my_proxy, 3128, -, -",
        "proxy:3128, proxy, 3128, -, -",
        "me:pw@proxy:3128, proxy, 3128, me, pw",
        "http://me@proxy, proxy, 80, me, ''",
        "http://me:@proxy, proxy, 80, me, ''",
        "http://:pw@proxy, proxy, 80, '', pw",
        "http://do%5Cme:p%40s%3As%2F%25@proxy:1, proxy, 1, do\\me, p@s:s/%",
        "http://me:a:b@c@proxy:1, proxy, 1, me, a:b@c",
        "http://me:a+b%20c@proxy:1, proxy, 1, me, a+b c",
        "http://m%C3%BCll:ü@proxy:1, proxy, 1, müll, ü",
        "http://[::1]:3128, ::1, 3128, -, -",
        "http://10.0.0.1:65535, 10.0.0.1, 65535, -, -",
      })
  void an_address_is_taken_apart(String url, String host, int port, String user, String password) {
    environment.put("https_proxy", url);

    assertThat(proxy("https://api.wandb.ai"))
        .contains(new ProxyAddress(host, port, user, password));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://me:sesame@proxy:3128",
        "socks5://me:sesame@proxy:1080",
        "http://me:sesame@",
        "http://",
        "http://me:sesame@proxy:port",
        "http://me:sesame@proxy:0",
        "http://me:sesame@proxy:65536",
        "http://me:sesame@proxy:123456",
        "http://me:sesame%4@proxy:1",
        "http://me:sesame%zz@proxy:1",
        "http://me:sesame/1@proxy:1",
        "http://me:1/sesame@proxy:1",
        "http://me:1#sesame@proxy:1",
        "http://me:sesame@pro xy:1",
      })
  void a_bad_address_names_the_variable_and_shows_nothing(String url) {
    for (String variable :
        new String[] {"WANDB_HTTP_PROXY", "WANDB_HTTPS_PROXY", "HTTP_PROXY", "https_proxy"}) {
      environment.clear();
      environment.put(variable, url);

      assertThatThrownBy(() -> proxy("https://host"))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith(variable + ": the proxy ")
          .hasNoCause()
          .satisfies(e -> assertThat(e.toString()).doesNotContain("sesame"));
    }
  }

  @Test
  void a_proxy_for_this_service_needs_its_scheme() {
    environment.put("WANDB_HTTPS_PROXY", "proxy:3128");

    assertThatThrownBy(() -> proxy("https://host"))
        .hasMessageStartingWith("WANDB_HTTPS_PROXY: the proxy does not start with http://");
  }

  @Test
  void a_common_proxy_that_is_overridden_is_not_looked_at() {
    environment.put("WANDB_HTTPS_PROXY", "http://own:1");
    environment.put("HTTPS_PROXY", "socks5://other:1080");

    assertThat(proxy("https://host")).map(ProxyAddress::host).contains("own");
  }

  private Optional<ProxyAddress> proxy(String address) {
    return new Proxies(Variables.read(environment), environment).apply(URI.create(address));
  }
}
