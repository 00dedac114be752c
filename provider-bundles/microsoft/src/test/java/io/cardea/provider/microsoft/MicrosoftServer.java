package io.cardea.provider.microsoft;

import io.cardea.provider.testkit.Answer;
import io.cardea.provider.testkit.AuthorizationServer;
import io.cardea.provider.testkit.Grant;
import io.cardea.provider.testkit.ReceivedRequest;
import io.cardea.provider.testkit.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A server that behaves as Microsoft's identity platform does, with Microsoft Graph beside it. */
public final class MicrosoftServer extends AuthorizationServer {

    /** The tenant whose account it is. */
    public static final String HOME_TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47";

    private static final String USER_NAME = "ada@acme.onmicrosoft.com";
    private static final int DEVICE_LIFETIME = 900;
    private static final String DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

    private final String tenant;
    private final boolean hasEmail;
    private volatile boolean wantsPerson;

    /** One for all accounts. */
    public MicrosoftServer() {
        this("common", true);
    }

    private MicrosoftServer(String tenant, boolean hasEmail) {
        this.tenant = tenant;
        this.hasEmail = hasEmail;
    }

    /** One for the accounts of a tenant, and no others. */
    public static MicrosoftServer ofTenant(String tenant) {
        return new MicrosoftServer(tenant, true);
    }

    /** One whose account has no e-mail address, as most accounts of schools. */
    public static MicrosoftServer withoutEmail() {
        return new MicrosoftServer("common", false);
    }

    /** From now on, no token is refreshed, for the tenant wants the person to log in with a second factor. */
    void wantPerson() {
        wantsPerson = true;
    }

    /** As an operator writes it who leaves it to the provider whose accounts these are, unless they are of one tenant. */
    @Override
    public Map<String, String> configuration() {
        Map<String, String> configuration = super.configuration();
        configuration.put("issuer", url() + "/{tenant}/v2.0");
        if (!tenant.equals("common")) {
            configuration.put("variable.tenant", tenant);
        }
        return configuration;
    }

    /** There is nowhere to revoke a token. */
    @Override
    protected Map<String, String> endpoints() {
        String ofTenant = url() + "/" + tenant;
        return new LinkedHashMap<>(Map.of(
                "authorization_endpoint", ofTenant + "/oauth2/v2.0/authorize",
                "token_endpoint", ofTenant + "/oauth2/v2.0/token",
                "device_authorization_endpoint", ofTenant + "/oauth2/v2.0/devicecode",
                "jwks_uri", ofTenant + "/discovery/v2.0/keys",
                "userinfo_endpoint", url() + "/oidc/userinfo"));
    }

    @Override
    protected boolean namesIssuer() {
        return false;
    }

    @Override
    protected void checkAuthorizationRequest(ReceivedRequest request, Map<String, String> parameters) {
        requireScope(parameters);
    }

    private static void requireScope(Map<String, String> parameters) {
        if (!parameters.containsKey("scope")) {
            throw new Refusal(
                    "invalid_request", "AADSTS900144: The request body must contain the following parameter: 'scope'.");
        }
    }

    @Override
    protected void checkTokenRequest(ReceivedRequest request, Map<String, String> parameters) {
        if (wantsPerson && "refresh_token".equals(parameters.get("grant_type"))) {
            throw new Refusal(
                    "interaction_required", "AADSTS50076: You must use multi-factor authentication to access.");
        }
    }

    /** Without {@code offline_access} there is no refresh token. */
    @Override
    protected Answer tokenAnswer(ReceivedRequest request, Map<String, Object> members) {
        if (!String.valueOf(members.get("scope")).contains("offline_access")) {
            members.remove("refresh_token");
        }
        members.put("ext_expires_in", members.get("expires_in"));
        return Answer.json(200, members);
    }

    @Override
    protected Answer deviceAnswer(ReceivedRequest request, Map<String, Object> members) {
        requireScope(request.form());
        members.remove("verification_uri_complete");
        members.put("expires_in", DEVICE_LIFETIME);
        members.put("message", "To sign in, use a web browser to open the page and enter the code.");
        return Answer.json(200, members);
    }

    @Override
    protected String error(ReceivedRequest request, Refusal refusal) {
        boolean poll = request.method().equals("POST")
                && request.path().endsWith("/token")
                && DEVICE_GRANT.equals(request.form().get("grant_type"));
        return switch (refusal.error()) {
            case "access_denied" -> poll ? "authorization_declined" : refusal.error();
            case "invalid_grant" -> poll ? "bad_verification_code" : refusal.error();
            default -> refusal.error();
        };
    }

    /** Its descriptions tell all about the request; Graph has errors of another kind. */
    @Override
    protected Answer refusalAnswer(ReceivedRequest request, Refusal refusal) {
        if (refusal.error().equals("invalid_token")) {
            return Answer.json(
                    401, Map.of("error", Map.of("code", "InvalidAuthenticationToken", "message", refusal.reason())));
        }
        return Answer.json(
                refusal.error().equals("invalid_client") ? 401 : 400,
                Map.of(
                        "error",
                        refusal.error(),
                        "error_description",
                        "AADSTS70000: " + refusal.reason() + " Request: " + request.body()
                                + "\r\nTrace ID: 0000aaaa-11bb-cccc-dd22-eeeeee333333",
                        "error_codes",
                        List.of(70000),
                        "trace_id",
                        "0000aaaa-11bb-cccc-dd22-eeeeee333333"));
    }

    @Override
    protected String subject() {
        return "OLu859SGc2Sr9ZsqbkG-QbeLgJlb41KcdiPoLYNpSFA";
    }

    @Override
    protected String account() {
        return hasEmail ? "ada@acme.example" : USER_NAME;
    }

    /** In the name of the account's own tenant, whatever the endpoint was. */
    @Override
    protected void idTokenClaims(Grant grant, Map<String, Object> claims) {
        claims.put("iss", url() + "/" + HOME_TENANT + "/v2.0");
        claims.put("tid", HOME_TENANT);
        claims.put("preferred_username", USER_NAME);
        claims.put("name", "Ada Lovelace");
        claims.remove("at_hash");
        if (!hasEmail) {
            claims.remove("email");
        }
    }

    @Override
    protected Answer userinfo(ReceivedRequest request, Grant grant) {
        Map<String, Object> user = new LinkedHashMap<>();
        user.put("sub", subject());
        user.put("name", "Ada Lovelace");
        if (hasEmail) {
            user.put("email", account());
        }
        return Answer.json(200, user);
    }
}
