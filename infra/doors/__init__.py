"""Ways in: a folder, SFTP, an HTTPS API, an S3 bucket. Each gives whole files or says why not."""
