package io.cardea.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.options;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import io.cardea.oauth.Providers;
import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderContext;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;

/** Inside a framework that holds the very bundles of the distribution, the playground included. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ShippedBundlesIT {

    private static final Path DISTRIBUTION = Path.of(System.getProperty("cardea.distribution", "."));
    private static final int WARM_UP = 400;
    private static final int ROUNDS = 200;
    // Metaspace also holds what the JIT compiler knows of hot methods, and that grows for a while.
    private static final long PROFILES = 1024 * 1024;
    // A lambda or two that first ran late; each bundle that was left behind would count at every round.
    private static final long A_FEW = 100;
    private static final String CODE_VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    @Configuration
    public Option[] configuration() throws IOException {
        Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "shipped");
        Files.createDirectories(folder.resolve("deploy"));
        return options(
                shipped(),
                junitBundles(),
                frameworkProperty("org.osgi.service.http.port").value("0"),
                frameworkProperty("org.apache.felix.http.host").value("127.0.0.1"),
                frameworkProperty("CARDEA_DATA").value(folder.resolve("data").toString()),
                frameworkProperty("felix.fileinstall.dir")
                        .value(folder.resolve("deploy").toString()),
                frameworkProperty("org.ops4j.pax.logging.StaticLogbackFile")
                        .value(DISTRIBUTION.resolve("conf/logback.xml").toString()),
                systemProperty("cardea.data").value(folder.resolve("data").toString()));
    }

    private static Option shipped() throws IOException {
        try (Stream<Path> jars = Files.walk(DISTRIBUTION.resolve("bundles"))) {
            return composite(jars.filter(jar -> jar.toString().endsWith(".jar"))
                    .filter(jar -> !jar.getParent().getFileName().toString().equals("shell"))
                    .sorted()
                    .map(jar -> bundle("reference:" + jar.toUri()))
                    .toArray(Option[]::new));
        }
    }

    @Test
    public void every_bundle_is_active() {
        for (Bundle bundle : context().getBundles()) {
            boolean fragment = bundle.getHeaders().get("Fragment-Host") != null;
            assertEquals(bundle.toString(), fragment ? Bundle.RESOLVED : Bundle.ACTIVE, bundle.getState());
        }
    }

    /** The provider test of the reference document. */
    @Test
    public void the_playground_makes_an_authorization_url_and_turns_a_code_into_a_credential() throws Exception {
        OAuthProvider playground = playground();
        String redirectUri = "http://localhost:" + port() + "/oauth/playground/callback";
        byte[] challenge =
                MessageDigest.getInstance("SHA-256").digest(CODE_VERIFIER.getBytes(StandardCharsets.US_ASCII));

        URI url = URI.create(answer(playground.authorizationUrl(
                new AuthorizationRequest(
                        "test_state",
                        redirectUri,
                        List.of(),
                        Optional.of(Base64.getUrlEncoder().withoutPadding().encodeToString(challenge)),
                        "test_nonce"),
                new DirectContext())));
        assertTrue(url.toString(), url.toString().contains("client_id="));

        String callback = new PlaygroundPerson().answerAt(url, "approve").getQuery();
        assertTrue(callback, callback.contains("state=test_state"));
        String code = Arrays.stream(callback.split("&"))
                .filter(parameter -> parameter.startsWith("code="))
                .findFirst()
                .orElseThrow()
                .substring("code=".length());
        Credential credential = answer(playground.exchange(
                new AuthorizationCode(code, "test_state", redirectUri, Optional.of(CODE_VERIFIER)),
                new DirectContext()));

        assertFalse(credential.accessToken().isEmpty());
        assertTrue(credential.refreshToken().isPresent());
        assertTrue(credential.expiresAt().isPresent());
    }

    @Test
    public void a_provider_bundle_that_stops_takes_its_provider_away_and_nobody_elses() throws Exception {
        Bundle bundle = installed("io.cardea.provider.playground");
        assertTrue(providers().find("playground").isPresent());

        bundle.stop();
        assertTrue(providers().find("playground").isEmpty());
        assertTrue(providers().find("github").isPresent());

        bundle.start();
        assertTrue(providers().find("playground").isPresent());
    }

    @Test
    public void what_a_provider_is_configured_with_is_no_service_property() throws Exception {
        ConfigurationAdmin admin = context().getService(context().getServiceReference(ConfigurationAdmin.class));
        org.osgi.service.cm.Configuration github = admin.getConfiguration("io.cardea.provider.github", "?");
        github.update(new Hashtable<>(Map.of("client_id", "an-id", "client_secret", "a-secret")));
        try {
            awaitStatus(302, "/oauth/github/login");

            boolean seen = false;
            for (ServiceReference<?> reference : context().getAllServiceReferences(null, null)) {
                for (String key : reference.getPropertyKeys()) {
                    Object value = reference.getProperty(key);
                    assertFalse(reference + " " + key, "a-secret".equals(value) || "an-id".equals(value));
                    seen |= "io.cardea.provider.github".equals(value);
                }
            }
            assertTrue("the configured provider is among them", seen);
        } finally {
            github.delete();
            awaitStatus(503, "/oauth/github/login");
        }
    }

    @Test
    public void two_hundred_stops_and_starts_leave_no_class_behind() throws Exception {
        Bundle bundle = installed("io.cardea.provider.playground");
        cycle(bundle, WARM_UP);
        long classes = loadedClasses();
        long metaspace = metaspace();

        cycle(bundle, ROUNDS);

        assertClose("classes", classes, loadedClasses(), A_FEW);
        assertClose("bytes of metaspace", metaspace, metaspace(), PROFILES);
    }

    @Test
    public void two_hundred_updates_leave_no_class_loader_behind() throws Exception {
        Bundle bundle = installed("io.cardea.provider.github");
        Path jar = Path.of(URI.create(bundle.getLocation().substring("reference:".length())));
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        update(bundle, jar, WARM_UP, new ArrayList<>());
        long classes = loadedClasses();
        long metaspace = metaspace();

        update(bundle, jar, ROUNDS, loaders);

        assertClose("classes", classes, loadedClasses(), A_FEW);
        assertClose("bytes of metaspace", metaspace, metaspace(), PROFILES);
        long left = loaders.stream().filter(loader -> loader.get() != null).count();
        // The one in use, and the one before it, which a thread's stack may still name.
        assertTrue(left + " class loaders of " + ROUNDS + " are left", left <= 2);
        assertTrue(providers().find("github").isPresent());
    }

    private void awaitStatus(int status, String path) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (get(path) != status) {
            assertTrue(path + " does not answer " + status, System.nanoTime() < end);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private void cycle(Bundle bundle, int rounds) throws Exception {
        for (int round = 0; round < rounds; round++) {
            bundle.stop();
            bundle.start();
            assertTrue(providers().find("playground").isPresent());
            assertEquals(302, get("/oauth/playground/login"));
        }
    }

    private void update(Bundle bundle, Path jar, int rounds, List<WeakReference<ClassLoader>> loaders)
            throws Exception {
        for (int round = 0; round < rounds; round++) {
            try (var content = Files.newInputStream(jar)) {
                bundle.update(content);
            }
            assertEquals(503, get("/oauth/github/login"));
            ClassLoader loader =
                    bundle.adapt(org.osgi.framework.wiring.BundleWiring.class).getClassLoader();
            loaders.add(new WeakReference<>(loader));
        }
    }

    private int get(String path) throws Exception {
        var connection = (java.net.HttpURLConnection)
                URI.create("http://localhost:" + port() + path).toURL().openConnection();
        connection.setInstanceFollowRedirects(false);
        return connection.getResponseCode();
    }

    private Bundle installed(String symbolicName) {
        return Arrays.stream(context().getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow();
    }

    /** Of the test's own bundle; outside the framework, where Pax Exam makes this object first, there is none. */
    private static BundleContext context() {
        return FrameworkUtil.getBundle(ShippedBundlesIT.class).getBundleContext();
    }

    private Providers providers() {
        return context().getService(context().getServiceReference(Providers.class));
    }

    private OAuthProvider playground() throws Exception {
        for (ServiceReference<OAuthProvider> reference : context().getServiceReferences(OAuthProvider.class, null)) {
            OAuthProvider provider = context().getService(reference);
            if (provider.info().name().equals("playground")) {
                return provider;
            }
        }
        throw new AssertionError("The playground is not here");
    }

    private int port() {
        ServiceReference<?> http = context().getServiceReference("org.osgi.service.servlet.runtime.HttpServiceRuntime");
        return URI.create(((String[]) http.getProperty("osgi.http.endpoint"))[0])
                .getPort();
    }

    private static <T> T answer(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static long loadedClasses() throws InterruptedException {
        collect();
        return ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
    }

    private static long metaspace() throws InterruptedException {
        collect();
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Metaspace"))
                .mapToLong(pool -> pool.getUsage().getUsed())
                .sum();
    }

    private static void collect() throws InterruptedException {
        for (int times = 0; times < 5; times++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static void assertClose(String what, long before, long after, long tolerance) {
        System.out.println(what + ": " + before + " before, " + after + " after");
        assertTrue(what + " grew from " + before + " to " + after, after - before <= tolerance);
    }

    /** The way out, without core between. */
    private static final class DirectContext implements ProviderContext {

        @Override
        public CompletionStage<HttpResponse<byte[]>> send(HttpRequest request) {
            return HttpClient.newHttpClient().sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
        }

        @Override
        public InstantSource clock() {
            return InstantSource.system();
        }
    }
}
