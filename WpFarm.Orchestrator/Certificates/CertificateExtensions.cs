using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Certificates;

internal static class CertificateExtensions
{
    /// <param name="settings">Null: the farm ends no TLS. The API then answers that it has no certificates.</param>
    public static void AddCertificates(this IHostApplicationBuilder builder, CertificateSettings? settings)
    {
        builder.Services.AddSingleton<CertificateState>();
        if (settings is null)
            return;
        builder.Services.AddHttpClient(LegoClient.HttpClientName, client => client.Timeout = TimeSpan.FromSeconds(10));
        builder.Services.AddSingleton<AcmeChallenges>();
        builder.Services.AddSingleton<IAcmeClient, LegoClient>();
        builder.Services.AddSingleton<ICertificateTable, CertificateTable>();
        builder.Services.AddSingleton<IServedCertificates, ServedCertificates>();
        builder.Services.AddSingleton<CertificateStore>();
        builder.Services.AddSingleton<CertificateMetrics>();
        builder.Services.AddHostedService<CertificateKeeper>();
    }
}
