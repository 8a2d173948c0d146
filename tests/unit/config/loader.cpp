#include "config/loader.hpp"

#include "config/checks.hpp"
#include "config/schema.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/config/fixture.hpp"

using namespace ebb::config;
using namespace std::chrono_literals;

namespace {

constexpr const char* three_seconds = "[drain]\nsettle = \"3s\"\n";

bool warns(const loaded& from, const std::string& about) {
  return joined(from.warnings).find(about) != std::string::npos;
}

}  // namespace

TEST_CASE("the file is the one of --config, else of EBB_CONFIG, else the default one when it is there") {
  const auto files = disk({{"/a", "[drain]\nsettle = \"1s\"\n"},
                           {"/b", "[drain]\nsettle = \"2s\"\n"},
                           {"/etc/ebb/ebb.toml", three_seconds}});
  CHECK(load({"/a", {{"EBB_CONFIG", "/b"}}, {}}, files).values.drain.settle == 1s);
  CHECK(load({"", {{"EBB_CONFIG", "/b"}}, {}}, files).values.drain.settle == 2s);
  CHECK(load({"", {{"EBB_CONFIG", ""}}, {}}, files).values.drain.settle == 3s);
  CHECK(load({"", {}, {}}, files).file == "/etc/ebb/ebb.toml");
  const auto none = load({"", {}, {}}, disk({}));
  CHECK(none.ok());
  CHECK(none.file.empty());
  CHECK(none.values.drain.settle == 10s);
}

TEST_CASE("a file that was named must be there") {
  CHECK(joined(load({"/x", {}, {}}, disk({})).errors) ==
        "--config: /x cannot be read: No such file or directory; give the path of a TOML file\n");
  CHECK(joined(load({"", {{"EBB_CONFIG", "/x"}}, {}}, disk({})).errors) ==
        "EBB_CONFIG: /x cannot be read: No such file or directory; give the path of a TOML file\n");
}

TEST_CASE("a default file that is there but cannot be read is an error") {
  CHECK(joined(load({"", {}, {}}, broken_disk(std::errc::permission_denied)).errors) ==
        "/etc/ebb/ebb.toml cannot be read: Permission denied\n");
}

TEST_CASE("a file beyond 1 MiB is refused") {
  CHECK(load({"/a", {}, {}}, disk({{"/a", std::string(1024 * 1024, '\n')}})).ok());
  CHECK(joined(load({"/a", {}, {}}, disk({{"/a", std::string(1024 * 1024 + 1, '\n')}})).errors) ==
        "--config: /a is larger than 1 MiB; a configuration has a few KiB\n");
}

TEST_CASE("a byte order mark and line ends of any system are read") {
  CHECK(load_text("\xEF\xBB\xBF[drain]\r\nsettle = \"3s\"\r\n", "f").values.drain.settle == 3s);
  CHECK(load_text("[dremio]\nuser = \"J\xC3\xBCrgen \xE6\x97\xA5\"\n", "f").values.dremio.user.value ==
        "J\xC3\xBCrgen \xE6\x97\xA5");
  CHECK(load_text("# only a comment", "f").ok());
  CHECK(load_text("", "f").ok());
}

TEST_CASE("bytes that are no text are an error") {
  using namespace std::string_literals;
  for (const auto& text : {"[drain]\0\nsettle = \"3s\"\n"s, "\xff\xfe["s, "[dremio]\nuser = \"\xc3\x28\"\n"s,
                           "[dremio]\nuser = \"a\\u0000b\"\n"s, "[dremio]\nuser = \"a\\nb\"\n"s, "\x1f\x8b\x08"s}) {
    const auto got = load_text(text, "f");
    INFO(joined(got.errors));
    CHECK_FALSE(got.ok());
    for (const auto& line : got.errors) CHECK(line.find_first_of("\n\r\0"s) == std::string::npos);
  }
}

TEST_CASE("variables that are not UTF-8 are refused and shown escaped") {
  CHECK(joined(load_text("", "f", {{"EBB_DREMIO_USER", "J\xfcrgen"}}).errors) ==
        "EBB_DREMIO_USER: dremio.user = \"J\\xfcrgen\" is not UTF-8; write a text\n");
  CHECK_FALSE(load_text("", "f", {{"EBB_DREMIO_URL", "http://h/\xe4"}}).ok());
}

TEST_CASE("facts of the pod come from the downward API's variables") {
  const auto pod = load_text("", "f",
                             {{"POD_NAME", "e-3"},
                              {"POD_NAMESPACE", "ns"},
                              {"POD_UID", "u"},
                              {"POD_IP", "10.0.0.1"},
                              {"NODE_NAME", "n"},
                              {"KUBERNETES_SERVICE_HOST", "10.0.0.2"}})
                       .values.pod;
  CHECK(pod.name == "e-3");
  CHECK(pod.name_space == "ns");
  CHECK(pod.uid == "u");
  CHECK(pod.ip == "10.0.0.1");
  CHECK(pod.node == "n");
  CHECK(pod.in_kubernetes);
  CHECK_FALSE(load_text("", "f").values.pod.in_kubernetes);
}

TEST_CASE("an unknown variable is warned about with what may have been meant, without its value") {
  const auto got = load_text("", "f", {{"EBB_DREMIO_PASWORD", "hunter2"}, {"EBB_NONSENSE", "hunter2"}, {"OTHER", "x"}});
  CHECK(got.ok());
  CHECK(warns(got, "EBB_DREMIO_PASWORD is not a variable of Ebb, ignored; did you mean EBB_DREMIO_PASSWORD?\n"));
  CHECK(warns(got, "EBB_NONSENSE is not a variable of Ebb, ignored\n"));
  CHECK_FALSE(warns(got, "hunter2"));
  CHECK_FALSE(warns(got, "OTHER"));
  CHECK_FALSE(
      warns(load_text("", "f", {{"EBB_CONFIG", "x"}, {"EBB_JAVA", "/j"}, {"EBB_JAVA_ROLE", "executor"}}), "EBB_"));
}

TEST_CASE("service_links_do_no_harm") {
  const auto got = load_text("", "f",
                             {{"EBB_PORT", "tcp://10.0.0.7:9011"},
                              {"EBB_SERVICE_HOST", "10.0.0.7"},
                              {"EBB_SERVICE_PORT", "9011"},
                              {"EBB_SERVICE_PORT_PROBES", "9011"},
                              {"EBB_PORT_9011_TCP", "tcp://10.0.0.7:9011"},
                              {"EBB_PORT_9011_TCP_PROTO", "tcp"},
                              {"EBB_PORT_9011_TCP_PORT", "9011"},
                              {"EBB_PORT_9011_TCP_ADDR", "10.0.0.7"},
                              {"EBB_DREMIO_URL", "tcp://10.0.0.8:9047"},
                              {"EBB_LISTEN_PROBES", "udp://10.0.0.8:53"},
                              {"DREMIO_URL", "tcp://10.0.0.8:9047"},
                              {"PROMETHEUS_ENDPOINT", "tcp://10.0.0.9:9090"},
                              {"PROMETHEUS_PORT", "tcp://10.0.0.9:9090"},
                              {"PROMETHEUS_SERVICE_HOST", "10.0.0.9"},
                              {"PROMETHEUS_WAIT_TIME", "tcp://10.0.0.9:9090"}});
  REQUIRE(got.ok());
  for (const auto& k : keys()) {
    INFO(k.name);
    CHECK(k.get(got.values) == k.get(settings{}));
  }
  CHECK(got.values.prometheus.instance_port.empty());
  CHECK_FALSE(warns(got, "EBB_"));
  CHECK_FALSE(warns(got, "PROMETHEUS_"));
}

TEST_CASE("a --set that is wrong says so") {
  const auto got = load_text(
      "", "f", {}, {"drain.setle=1s", "drain.settle", "", "=", "dremio.password=hunter2", "drain.samples=many"});
  CHECK(
      joined(got.errors) ==
      "--set: drain.setle is not a key; did you mean drain.settle?\n"
      "--set: drain.settle has no value; write --set drain.settle=VALUE\n"
      "--set: \"\" is not a key; ebb config --defaults shows all keys\n"
      "--set: \"\" is not a key; ebb config --defaults shows all keys\n"
      "--set: dremio.password = *** could be read by everybody in the list of processes; write EBB_DREMIO_PASSWORD or "
      "dremio.password_file\n"
      "--set: drain.samples = \"many\" is a string; write a whole number, 1 to 100\n");
}

TEST_CASE("settings that fit together badly are warned about") {
  auto about = [](const std::string& text) { return joined(load_text(text, "f").warnings); };
  CHECK_THAT(about(""), ContainsSubstring("dremio.url is empty"));
  CHECK_THAT(about(""), ContainsSubstring("600s are assumed"));
  CHECK_THAT(about("[dremio]\nurl = \"http://h\""), ContainsSubstring("no credentials beside it"));
  CHECK_THAT(about("[dremio]\nuser = \"u\""), ContainsSubstring("dremio.user has no dremio.password"));
  CHECK_THAT(about("[dremio]\npassword = \"p\""), ContainsSubstring("dremio.password has no dremio.user"));
  CHECK_THAT(about("[dremio]\nuser_file = \"/u\""), ContainsSubstring("dremio.user has no dremio.password"));
  CHECK_THAT(about("[dremio]\nuser_file = \"/u\"\npassword = \"p\""), !ContainsSubstring("no login"));
  CHECK_THAT(about("[dremio]\nuser = \"u\"\nuser_file = \"/u\""), ContainsSubstring("the file wins"));
  CHECK_THAT(about("[dremio]\nclient_id = \"c\""), ContainsSubstring("dremio.client_id has no"));
  CHECK_THAT(about("[dremio]\nclient_secret_file = \"/c\""),
             ContainsSubstring("dremio.client_secret has no dremio.client_id"));
  CHECK_THAT(about("[dremio]\nuser = \"u\"\npassword = \"p\"\ntoken = \"t\""),
             ContainsSubstring("dremio.token and dremio.user are both set: the token wins"));
  CHECK_THAT(about("[dremio]\nclient_id = \"u\"\nclient_secret = \"p\"\ntoken = \"t\""),
             ContainsSubstring("the token wins"));
  CHECK_THAT(about("[dremio]\nclient_id = \"u\"\nclient_secret = \"p\"\nuser = \"t\"\npassword = \"p\""),
             ContainsSubstring("the service user wins"));
  CHECK_THAT(about("[dremio]\npassword = \"p\"\npassword_file = \"/p\""), ContainsSubstring("the file wins"));
  CHECK_THAT(about("[dremio]\ntls_verify = false"), ContainsSubstring("dremio.tls_verify is false"));
  CHECK_THAT(about("[drain]\npoll = \"999ms\""), ContainsSubstring("drain.poll = \"999ms\" is below 1s"));
  CHECK_THAT(about("[drain]\ngrace = \"10s\"\nreserve = \"6s\""), ContainsSubstring("more than half of drain.grace"));
  CHECK_THAT(about("[drain]\ngrace = \"60s\"\nsettle = \"600s\""),
             ContainsSubstring("drain.settle = \"600s\" is more than a third of drain.grace"));
  CHECK_THAT(about("[listen]\ncontrol = \"[::]:9012\""),
             ContainsSubstring("without listen.token_file nobody there may control"));
}

TEST_CASE("a sound configuration has no warnings") {
  const auto got = load_text(
      "[dremio]\nurl = \"http://h:9047\"\nuser = \"u\"\npassword_file = \"/p\"\n[drain]\ngrace = \"720s\"\n", "f");
  CHECK(joined(got.warnings).empty());
}

TEST_CASE("in Kubernetes a grace that is not set is asked for, unless the API is off") {
  const environment pod{{"KUBERNETES_SERVICE_HOST", "10.0.0.1"}};
  CHECK_FALSE(warns(load_text("", "f", pod), "600s"));
  CHECK(warns(load_text("[kubernetes]\nmode = \"off\"", "f", pod), "600s"));
}

TEST_CASE("the credentials that count are the first complete ones of token, service user, login") {
  dremio_settings d;
  CHECK(chosen(d) == credentials::none);
  d.user.value = "u";
  CHECK(chosen(d) == credentials::none);
  d.password.file = "/p";
  CHECK(chosen(d) == credentials::login);
  d.client_id = "c";
  CHECK(chosen(d) == credentials::login);
  d.client_secret.value = "s";
  CHECK(chosen(d) == credentials::client);
  d.token.value = "t";
  CHECK(chosen(d) == credentials::token);
}

TEST_CASE("the bounds of a duration are part of it") {
  auto ok = [](const std::string& line) { return load_text("[drain]\n" + line, "f").ok(); };
  CHECK(ok("poll = \"100ms\""));
  CHECK_FALSE(ok("poll = \"99ms\""));
  CHECK(ok("grace = \"auto\""));
  CHECK(ok("grace = \"168h\""));
  CHECK_FALSE(ok("grace = \"168h1ms\""));
  CHECK_FALSE(ok("grace = \"0s\""));
  CHECK_FALSE(ok("settle = \"auto\""));
  CHECK(ok("samples = 100"));
  CHECK_FALSE(ok("samples = 101"));
  CHECK_FALSE(ok("samples = 9223372036854775807"));
  CHECK_FALSE(ok("samples = 3.0"));
}
