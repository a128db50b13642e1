using System.Data.Common;
using System.Text;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Orchestrator.Api;
using WpFarm.Orchestrator.Procedures;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Certificates;

internal static class CertificateEndpoint
{
    public static void MapCertificates(this IEndpointRouteBuilder api)
    {
        api.Map(CertificateRoutes.List, (CertificateState state) => state.Hosts);
        api.Map(CertificateRoutes.Add, AddAsync);
        api.Map(CertificateRoutes.Remove, RemoveAsync);
        api.Map(CertificateRoutes.Authority, Authority);
    }

    private static async Task<AddedCertificate> AddAsync(HttpRequest request, Farm farm, TimeProvider time, IServiceProvider services)
    {
        var store = Store(services);
        using var body = new StreamReader(request.Body, Encoding.UTF8);
        var certificate = Read(await body.ReadToEndAsync(request.HttpContext.RequestAborted));
        var hosts = farm.Sites.SelectMany(site => site.Hosts).Where(certificate.Covers).ToList();
        if (hosts.Count == 0)
            throw new InvalidRequestException(
                $"The certificate is for {string.Join(", ", certificate.Hosts)}. No site of this farm has one of these hosts."
            );
        if (!certificate.IsValidAt(time.GetUtcNow()))
            throw new InvalidRequestException(
                $"The certificate is valid from {certificate.NotBefore:yyyy-MM-dd} to {certificate.NotAfter:yyyy-MM-dd}, and so not now."
            );
        await WriteAsync(() =>
            store.WriteAsync(CertificateItems.Operator(certificate), certificate.Pem, request.HttpContext.RequestAborted)
        );
        return new(hosts, certificate.Issuer, certificate.NotAfter);
    }

    private static SiteCertificate Read(string pem)
    {
        try
        {
            return SiteCertificate.Read(pem);
        }
        catch (InvalidCertificateException e)
        {
            throw new InvalidRequestException(e.Message);
        }
    }

    private static async Task RemoveAsync([AsParameters] RemovedCertificate removed, IServiceProvider services, CancellationToken cancel)
    {
        var store = Store(services);
        var found = store.Items?.Held.FirstOrDefault(held =>
            held.Source is CertificateSource.Operator && held.Certificate.Hosts.Contains(removed.Host)
        );
        if (found is null)
            throw new InvalidRequestException(
                $"No certificate that was added is for '{removed.Host}'. ./farm certificates lists those of the farm."
            );
        await WriteAsync(() => store.DeleteAsync(CertificateItems.Operator(found.Certificate), cancel));
    }

    private static LocalAuthorityCertificate Authority(IServiceProvider services) =>
        Store(services).Items?.Find(CertificateItems.Authority) is { } authority
            ? new(LocalAuthority.CertificateOf(authority))
            : throw new RefusedException("The farm has no authority of its own yet, or edge.tls in farm.json is not \"local\".");

    private static CertificateStore Store(IServiceProvider services) =>
        services.GetService<CertificateStore>()
        ?? throw new InvalidRequestException(
            "edge.tls in farm.json is \"off\" or \"proxy\": the farm has no certificates. Set \"local\", \"files\" or \"letsencrypt\"."
        );

    /// <exception cref="RefusedException">No database server takes the change now.</exception>
    private static async Task WriteAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (DbException e)
        {
            throw new RefusedException($"The database does not take it now: {e.Message}. Try again.");
        }
    }
}
