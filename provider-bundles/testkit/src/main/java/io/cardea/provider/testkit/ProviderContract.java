package io.cardea.provider.testkit;

import io.cardea.oauth.provider.OAuthProvider;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.AssertionFailedError;

/**
 * What Cardea wants of every provider, as tests: each is a sentence, has a fresh provider and a fresh server, goes over
 * real HTTP by Cardea's own way out, and gives its verdict in words.
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> it_keeps_the_contract() {
 *     return ProviderContract.of(AcmeProvider::new).against(AcmeServer::new).tests();
 * }
 * }</pre>
 *
 * <p>The provider is made with the server's {@link AuthorizationServer#configuration()}, as Declarative Services would
 * make it with an operator's. What does not concern it, because of the flows and capabilities that its {@code info()}
 * names or because the server has no refresh tokens, is left out.
 */
public final class ProviderContract {

    private final Function<Map<String, Object>, ? extends OAuthProvider> providers;
    private final Supplier<? extends AuthorizationServer> servers;
    private final int patienceSeconds;

    private ProviderContract(
            Function<Map<String, Object>, ? extends OAuthProvider> providers,
            Supplier<? extends AuthorizationServer> servers,
            int patienceSeconds) {
        this.providers = providers;
        this.servers = servers;
        this.patienceSeconds = patienceSeconds;
    }

    /**
     * The contract of a provider.
     *
     * @param providers makes one of a configuration; mostly its constructor
     */
    public static ProviderContract of(Function<Map<String, Object>, ? extends OAuthProvider> providers) {
        return new ProviderContract(providers, AuthorizationServer::new, Trial.PATIENCE_SECONDS);
    }

    /**
     * The same with a server that behaves as the provider's service does.
     *
     * @param server makes one that nobody has used yet; mostly its constructor
     */
    public ProviderContract against(Supplier<? extends AuthorizationServer> server) {
        return new ProviderContract(providers, server, patienceSeconds);
    }

    ProviderContract withPatience(int seconds) {
        return new ProviderContract(providers, servers, seconds);
    }

    /** The checks that concern this provider, for a {@code @TestFactory}. */
    public Stream<DynamicTest> tests() {
        return applicable().stream().map(check -> DynamicTest.dynamicTest(check.name(), () -> run(check)));
    }

    /** All checks, whomever they concern. */
    static List<Check> all() {
        return Stream.of(
                        IdentityChecks.all(),
                        AuthorizationUrlChecks.all(),
                        CodeLoginChecks.all(),
                        DeviceLoginChecks.all(),
                        RefreshChecks.all(),
                        RevocationAndProfileChecks.all(),
                        FaultChecks.all(),
                        DisciplineChecks.all())
                .flatMap(List::stream)
                .toList();
    }

    private List<Check> applicable() {
        try (Trial trial = trial()) {
            return all().stream().filter(check -> check.applies().test(trial)).toList();
        } catch (AssertionError | RuntimeException unfit) {
            // Who cannot even be asked what concerns it fails by these.
            return IdentityChecks.all();
        }
    }

    private void run(Check check) {
        try (Trial trial = trial()) {
            check.body().run(trial);
        } catch (AssertionFailedError verdict) {
            // Maven tells one test of many by its number alone.
            AssertionFailedError named = new AssertionFailedError("'" + check.name() + "': " + verdict.getMessage());
            named.setStackTrace(verdict.getStackTrace());
            throw named;
        }
    }

    private Trial trial() {
        return new Trial(providers, servers.get(), patienceSeconds);
    }
}
