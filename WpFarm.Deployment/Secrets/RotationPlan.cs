using WpFarm.Deployment.Reporting;
using WpFarm.Topology;
using WpFarm.Topology.Layers.Application;

namespace WpFarm.Deployment.Secrets;

/// <summary>
/// The ordered steps that rotate secrets to their next values. Pure. At every moment, each value that a client may use is accepted by the
/// server that checks it, even by a server that starts during the rotation: files are written before servers are told, and the old value is
/// dropped last.
/// </summary>
/// <param name="Secrets">The secrets that get a new value.</param>
public sealed record RotationPlan(IReadOnlyList<Secret> Secrets, IReadOnlyList<RotationStep> Steps)
{
    /// <summary>A client may have read the old password while its connection waits in the proxy's queue (10 s) or for a server.</summary>
    private static readonly TimeSpan s_longestLogin = TimeSpan.FromSeconds(15);

    /// <param name="names">Secrets to rotate. Empty: every secret that can be rotated.</param>
    /// <param name="underWay">Secrets whose rotation an earlier run began: it is finished, whatever <paramref name="names"/> says.</param>
    /// <exception cref="InvalidInputException">
    /// A name is not a secret of the farm, or is one that cannot be rotated. Lists every such name.
    /// </exception>
    public static RotationPlan Of(Farm farm, IReadOnlyList<string> names, IReadOnlyList<string> underWay)
    {
        var problems = names.Select(name => Problem(farm, name)).OfType<string>().ToList();
        if (problems.Count > 0)
            throw new InvalidInputException(problems);
        var secrets = farm
            .Secrets.Where(secret =>
                secret.Rotation is not Rotation.Never
                && !IsInProxySql(farm, secret)
                && (names.Count == 0 || names.Contains(secret.Name) || underWay.Contains(secret.Name))
            )
            .ToList();
        return new RotationPlan(secrets, [.. Overlapping(farm, secrets), .. Restarted(farm, secrets)]);
    }

    private static string? Problem(Farm farm, string name) =>
        farm.Secrets.FirstOrDefault(secret => secret.Name == name) switch
        {
            null => $"{name}: is not a secret of this farm. Its secrets: {string.Join(", ", farm.Secrets.Select(secret => secret.Name))}.",
            { Rotation: Rotation.Never(var because) } => $"{name}: cannot be rotated: {because}.",
            { } secret when IsInProxySql(farm, secret) =>
                $"{name}: cannot be rotated: ProxySQL keeps a copy and accepts one value at a time. Set database.proxy to haproxy first.",
            _ => null,
        };

    private static bool IsInProxySql(Farm farm, Secret secret) =>
        farm.Services.Any(service => service.Image == UpstreamImages.ProxySQL && service.Secrets.Contains(secret.Name));

    private static IEnumerable<RotationStep> Overlapping(Farm farm, List<Secret> secrets)
    {
        var ways = secrets.Select(secret => secret.Rotation).OfType<Rotation.Overlap>().ToList();
        var names = Names<Rotation.Overlap>(secrets);
        if (names.Count == 0)
            yield break;
        var accept = Accept(farm, ways).ToList();

        yield return new RotationStep.GenerateNext(names);
        yield return new RotationStep.AddNext(names);
        foreach (var step in accept)
            yield return step;
        yield return new RotationStep.UseNext(names);
        if (ways.Exists(way => way.InChannels))
            yield return new RotationStep.RenewChannels();
        foreach (var service in ways.Select(way => way.Restarts).OfType<string>().Where(service => farm.Find(service) is not null))
            yield return new RotationStep.Restart(service);
        if (accept.Count > 0)
            yield return new RotationStep.WaitForLogins(s_longestLogin);
        yield return new RotationStep.DropPrevious(names);
        foreach (var step in accept)
            yield return step;
        yield return new RotationStep.RecordDone(names);
    }

    private static IEnumerable<RotationStep> Accept(Farm farm, List<Rotation.Overlap> ways)
    {
        if (ways.Exists(way => way.By is AcceptedBy.DatabaseServers))
            yield return new RotationStep.AcceptOnServers([
                .. farm
                    .Services.Where(service => service.Layer is Layer.Database && service.Secrets.Count > 0)
                    .Select(service => service.Name),
            ]);
        if (ways.Exists(way => way.By is AcceptedBy.RedisNodes))
            yield return new RotationStep.AcceptOnServers([
                .. farm
                    .Services.Where(service => !service.IsJob && service.Layer is Layer.Caching && service.Secrets.Contains(Secret.Redis))
                    .Select(service => service.Name),
            ]);
        if (ways.Exists(way => way.By is AcceptedBy.MailServer))
            yield return new RotationStep.AcceptOnServers([Mail.Name]);
        if (ways.Exists(way => way.By is AcceptedBy.SiteUsers))
            yield return new RotationStep.AcceptForSites(
                farm.Services.Single(service => service.IsJob && service.Secrets.Contains(Secret.SitesKey)).Name
            );
    }

    /// <summary>Steps for secrets whose services accept only one value at a time, and are restarted with it.</summary>
    private static IEnumerable<RotationStep> Restarted(Farm farm, List<Secret> secrets)
    {
        var names = Names<Rotation.Restart>(secrets);
        if (names.Count == 0)
            yield break;
        yield return new RotationStep.GenerateNext(names);
        yield return new RotationStep.DropPrevious(names);
        foreach (
            var service in secrets
                .Select(secret => secret.Rotation)
                .OfType<Rotation.Restart>()
                .Select(way => way.Service)
                .Where(service => farm.Find(service) is not null)
                .Distinct()
        )
            yield return new RotationStep.Restart(service);
        yield return new RotationStep.RecordDone(names);
    }

    private static List<string> Names<T>(List<Secret> secrets)
        where T : Rotation => [.. secrets.Where(secret => secret.Rotation is T).Select(secret => secret.Name)];
}
