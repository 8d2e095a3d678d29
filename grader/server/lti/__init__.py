"""LTI 1.3 Advantage: the portal as a tool that learning platforms launch, and that sends them scores."""
